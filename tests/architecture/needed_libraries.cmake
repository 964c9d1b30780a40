# Fails when PROGRAM is linked with a library like UNWANTED: loading it and those that it needs costs
# more than most runs of the command.
execute_process(COMMAND "${READELF}" -d "${PROGRAM}" OUTPUT_VARIABLE entries COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "\\(NEEDED\\)[^\n]*" needed "${entries}")
if(NOT needed)
    message(FATAL_ERROR "${PROGRAM}: no library is named in\n${entries}")
endif()
foreach(library IN LISTS needed)
    if(library MATCHES "${UNWANTED}")
        message(FATAL_ERROR "${PROGRAM} is linked with it: ${library}")
    endif()
endforeach()
