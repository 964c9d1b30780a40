import re
from pathlib import Path

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy, load


class NginxUpstreamLint(ConanFile):
    name = "nginx-upstream-lint"
    license = "Apache-2.0"
    description = "Reads nginx configurations as nginx does and verifies what its URLs reach"
    topics = ("nginx", "configuration", "linter")
    package_type = "library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"shared": [True, False], "fPIC": [True, False], "command": [True, False]}
    default_options = {"shared": False, "fPIC": True, "command": True}
    implements = ["auto_shared_fpic"]

    @property
    def _root(self):
        return Path(self.recipe_folder).parent

    def set_version(self):
        text = load(self, str(self._root / "CMakeLists.txt"))
        self.version = re.search(r"VERSION (\d+\.\d+\.\d+)\n", text).group(1)

    def export_sources(self):
        for pattern in ("CMakeLists.txt", "LICENSE", "README.md", "CHANGELOG.md", "cmake/*", "docs/*",
                        "grammar/*", "include/*", "src/*"):
            copy(self, pattern, src=str(self._root), dst=self.export_sources_folder)

    def requirements(self):
        self.requires("fmt/9.1.0")
        self.requires("pcre2/10.42")
        self.requires("nlohmann_json/3.11.2", visible=False)
        self.requires("taocpp-pegtl/3.2.7", visible=False)
        if self.options.command:
            self.requires("cli11/2.3.2", visible=False)

    def validate(self):
        check_min_cppstd(self, 20)

    def layout(self):
        cmake_layout(self)

    def generate(self):
        CMakeDeps(self).generate()
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables["UPSTREAM_LINT_BUILD_CLI"] = bool(self.options.command)
        toolchain.cache_variables["UPSTREAM_LINT_BUILD_TESTS"] = False
        # These are found by pkg-config alone, and some have no recipe.
        for part in ("MNL", "SYSTEMD", "CURL", "CARES", "OPENSSL"):
            toolchain.cache_variables[f"UPSTREAM_LINT_WITH_{part}"] = False
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        CMake(self).install()
        copy(self, "LICENSE", src=self.source_folder, dst=str(Path(self.package_folder) / "licenses"))

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "nginx-upstream-lint")
        core = self.cpp_info.components["core"]
        core.set_property("cmake_target_name", "nginx-upstream-lint::core")
        core.libs = ["upstream_lint"]
        # The build-only parts are named because Conan wants every requirement used by a component.
        core.requires = ["fmt::fmt", "pcre2::pcre2-8", "nlohmann_json::nlohmann_json", "taocpp-pegtl::taocpp-pegtl"]
        if self.options.command:
            core.requires.append("cli11::cli11")
        if self.settings.os in ("Linux", "FreeBSD"):
            core.system_libs = ["pthread"]
        host = self.cpp_info.components["host"]
        host.set_property("cmake_target_name", "nginx-upstream-lint::host")
        host.libs = ["upstream_lint_host"]
        host.requires = ["core", "fmt::fmt"]
