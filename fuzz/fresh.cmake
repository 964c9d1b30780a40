# Runs a libFuzzer target a fixed number of times from its seeds. What it finds goes to a folder that is
# emptied first: the same binary sees the same inputs every time.
#   cmake -D FUZZER=... -D SEEDS=... -D FOLDER=... -D DICTIONARY=... -D RUNS=... -P fresh.cmake
file(REMOVE_RECURSE "${FOLDER}")
file(MAKE_DIRECTORY "${FOLDER}/found")
execute_process(
    COMMAND "${FUZZER}" -runs=${RUNS} -seed=1 -timeout=20 -rss_limit_mb=2048 -verbosity=0
        "-dict=${DICTIONARY}" "-artifact_prefix=${FOLDER}/" "${FOLDER}/found" "${SEEDS}"
    RESULT_VARIABLE status)
if(NOT status EQUAL 0)
    message(FATAL_ERROR "the fuzzer stopped with ${status}; the input is in ${FOLDER}")
endif()
