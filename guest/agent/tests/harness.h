#pragma once

#include <functional>
#include <sstream>
#include <stdexcept>
#include <string>

/** A test framework in one page: named cases, checks that say both sides, skips that say why. */
namespace test {

struct Skipped : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Failed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Case {
  Case(const char* name, std::function<void()> body);
};

template <typename T>
std::string show(const T& value) {
  std::ostringstream out;
  if constexpr (requires { out << value; }) out << value;
  else out << "(value)";
  return out.str();
}

inline void check(bool ok, const char* expression, const char* file, int line) {
  if (!ok) throw Failed(std::string(file) + ":" + std::to_string(line) + ": " + expression);
}

template <typename A, typename B>
void checkEqual(const A& actual, const B& expected, const char* file, int line) {
  if (actual == expected) return;
  throw Failed(std::string(file) + ":" + std::to_string(line) + ": got " + show(actual) + ", expected " +
               show(expected));
}

/** The message of the exception of type E that `deed` throws; fails when it throws none. */
template <typename E, typename Deed>
E thrown(const Deed& deed) {
  try {
    deed();
  } catch (const E& error) {
    return error;
  }
  throw Failed("nothing was thrown");
}

}  // namespace test

#define TEST_JOIN_(a, b) a##b
#define TEST_JOIN(a, b) TEST_JOIN_(a, b)
#define TEST(name)                                                                            \
  static void TEST_JOIN(testBody, __LINE__)();                                                \
  static const test::Case TEST_JOIN(testCase, __LINE__)(name, TEST_JOIN(testBody, __LINE__)); \
  static void TEST_JOIN(testBody, __LINE__)()
#define CHECK(expression) test::check((expression), #expression, __FILE__, __LINE__)
#define CHECK_EQ(actual, expected) test::checkEqual((actual), (expected), __FILE__, __LINE__)
#define SKIP(reason) throw test::Skipped(reason)
