# Sourced by ./mvnw and ./procession: finds a JDK 25 or newer, wherever this machine keeps it.
# find_jdk sets procession_jdk to its folder, or says what it looked for and where, and returns 3.

procession_jdk_wanted=25

# The feature version of the JDK in folder $1, read from its `release` file (no JVM is started), or nothing.
jdk_feature_of() {
  [ -x "$1/bin/javac" ] && [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 0
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" | head -n 1
}

# Takes folder $1 if it holds a JDK that is new enough.
try_jdk() {
  [ -d "$1" ] || return 1
  feature=$(jdk_feature_of "$1")
  [ -n "$feature" ] && [ "$feature" -ge "$procession_jdk_wanted" ] || return 1
  procession_jdk=$1
}

# The JDK whose bin folder holds the `java` on the PATH, links followed.
jdk_on_path() {
  on_path=$(command -v java) || return 1
  on_path=$(readlink -f -- "$on_path") || return 1
  dirname -- "$(dirname -- "$on_path")"
}

find_jdk() {
  procession_jdk=
  [ -n "${JAVA_HOME:-}" ] && try_jdk "$JAVA_HOME" && return 0
  path_jdk=$(jdk_on_path) && try_jdk "$path_jdk" && return 0
  for folder in \
    /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /usr/local/java/* /opt/java/* /opt/jdk* /opt/*jdk* \
    "${SDKMAN_DIR:-${HOME:-}/.sdkman}"/candidates/java/* "${HOME:-}"/.jdks/* "${HOME:-}"/.asdf/installs/java/* \
    "${HOME:-}"/.local/share/mise/installs/java/* /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "${HOME:-}"/Library/Java/JavaVirtualMachines/*/Contents/Home /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    try_jdk "$folder" && return 0
  done
  {
    echo "procession: no JDK $procession_jdk_wanted or newer was found. Looked for bin/javac with a release file in:"
    echo "  JAVA_HOME=${JAVA_HOME:-(not set)}"
    echo "  java on the PATH=${path_jdk:-(none)}"
    echo "  /usr/lib/jvm, /usr/lib64/jvm, /usr/java, /usr/local/java, /opt, ${SDKMAN_DIR:-${HOME:-~}/.sdkman}/candidates/java, ~/.jdks, ~/.asdf, mise, /Library/Java"
    echo "Get one: apt-get install openjdk-25-jdk or temurin-25-jdk (Debian, Ubuntu), sdk install java 25-tem (SDKMAN), brew install openjdk@25 (macOS); or set JAVA_HOME to its folder."
  } >&2
  return 3
}
