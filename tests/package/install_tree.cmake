# Installs BUILD_DIR to PREFIX, by way of another place: the tree has to work where it was moved to.
file(REMOVE_RECURSE "${PREFIX}" "${PREFIX}.first")
execute_process(
    COMMAND "${CMAKE_COMMAND}" --install "${BUILD_DIR}" --prefix "${PREFIX}.first"
    COMMAND_ERROR_IS_FATAL ANY)
file(RENAME "${PREFIX}.first" "${PREFIX}")

file(GLOB_RECURSE package_files "${PREFIX}/*.cmake" "${PREFIX}/*.hpp")
if(NOT package_files)
    message(FATAL_ERROR "nothing was installed")
endif()
foreach(package_file IN LISTS package_files)
    file(READ "${package_file}" text)
    foreach(place IN ITEMS "${BUILD_DIR}" "${SOURCE_DIR}" "${PREFIX}")
        string(FIND "${text}" "${place}" found)
        if(NOT found EQUAL -1)
            message(FATAL_ERROR "${package_file} names ${place}")
        endif()
    endforeach()
endforeach()
