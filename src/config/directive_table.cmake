# Compiles the directive table from the data files. Sets UPSTREAM_LINT_DIRECTIVE_TABLE_CPP to the
# generated source, which belongs to the core library. The generator is a build tool: it needs
# only the context and version names of the library, never the table itself.

set(upstream_lint_config_dir "${CMAKE_CURRENT_LIST_DIR}")
set(upstream_lint_data_dir "${upstream_lint_config_dir}/data")

add_executable(upstream_lint_generate_table
    "${upstream_lint_data_dir}/generate_table.cpp"
    "${upstream_lint_config_dir}/context.cpp"
    "${upstream_lint_config_dir}/version.cpp")
target_compile_features(upstream_lint_generate_table PRIVATE cxx_std_20)
target_include_directories(upstream_lint_generate_table PRIVATE
    "${upstream_lint_config_dir}/../../include"
    "${upstream_lint_config_dir}/..")

set(UPSTREAM_LINT_DIRECTIVE_TABLE_CPP "${CMAKE_CURRENT_BINARY_DIR}/directive_table_data.cpp")

add_custom_command(
    OUTPUT "${UPSTREAM_LINT_DIRECTIVE_TABLE_CPP}"
    COMMAND upstream_lint_generate_table
            "${upstream_lint_data_dir}/modules.tsv"
            "${upstream_lint_data_dir}/directives.tsv"
            "${upstream_lint_data_dir}/variables.tsv"
            "${UPSTREAM_LINT_DIRECTIVE_TABLE_CPP}"
    DEPENDS upstream_lint_generate_table
            "${upstream_lint_data_dir}/modules.tsv"
            "${upstream_lint_data_dir}/directives.tsv"
            "${upstream_lint_data_dir}/variables.tsv"
    COMMENT "Compiling the directive table"
    VERBATIM)
