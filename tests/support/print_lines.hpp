#pragma once

#include <doctest/doctest.h>
#include <string>
#include <vector>

/// Failures show the lines instead of `{?}`.
template <> struct doctest::StringMaker<std::vector<std::string>> {
    static String convert(const std::vector<std::string>& lines) {
        std::string text = "[";
        for (const std::string& line : lines) {
            text += (text.size() > 1 ? ", " : "") + line;
        }
        return (text + "]").c_str();
    }
};
