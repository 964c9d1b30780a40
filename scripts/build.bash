# Sourced by the scripts, in the project's folder: build PRESET [TARGET...].

export CMAKE_GENERATOR=${CMAKE_GENERATOR:-Ninja}
if command -v ccache >/dev/null; then
    export CMAKE_CXX_COMPILER_LAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER-ccache}
    # What ccache has to overlook to share precompiled headers.
    export CCACHE_SLOPPINESS=${CCACHE_SLOPPINESS-pch_defines,time_macros,include_file_mtime,include_file_ctime}
fi

# Where .ci/run unpacks a second nginx to compare with.
other_nginx=$PWD/build/nginx-trixie

build() {
    local -r preset=$1
    shift
    local -a options=()
    if [[ -x $other_nginx/nginx ]]; then
        options+=(-D "UPSTREAM_LINT_OTHER_NGINX=$other_nginx")
    fi
    cmake --preset "$preset" "${options[@]}" &&
        cmake --build --preset "$preset" --parallel "$(nproc)" ${1:+--target "$@"}
}
