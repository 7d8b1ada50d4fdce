# Sourced by ./mvnw and ./procession: finds a JDK 25 or newer, wherever this machine keeps it.
# find_jdk sets procession_jdk to its folder, or says what it looked for and where, and returns 3.
# Only shell built-ins on the way to a find: every start of ./procession pays for what is forked here.

procession_jdk_wanted=25

# Where JDKs live: each folder is a JDK or holds some. PROCESSION_JDKS (folders, colon between) replaces the list.
jdk_homes() {
  if [ -n "${PROCESSION_JDKS:-}" ]; then
    printf '%s\n' "$PROCESSION_JDKS" | tr ':' '\n'
    return
  fi
  printf '%s\n' /usr/lib/jvm /usr/lib64/jvm /usr/java /usr/local/java /opt/java /opt \
    "${SDKMAN_DIR:-${HOME:-}/.sdkman}/candidates/java" "${HOME:-}/.jdks" "${HOME:-}/.asdf/installs/java" \
    "${HOME:-}/.local/share/mise/installs/java" /Library/Java/JavaVirtualMachines \
    "${HOME:-}/Library/Java/JavaVirtualMachines" /opt/homebrew/opt/openjdk /usr/local/opt/openjdk
}

# Sets jdk_feature to the feature version of the JDK in folder $1, read from its `release` file (no JVM is started),
# or to nothing when there is no Java in it.
read_jdk_feature() {
  jdk_feature=
  [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 0
  while IFS='=' read -r key value; do
    [ "$key" = JAVA_VERSION ] || continue
    value=${value#\"}
    jdk_feature=${value%%[!0-9]*}
    return 0
  done <"$1/release"
}

# Takes folder $1 if it holds a JDK that is new enough; notes it in jdk_refused if it holds another Java.
try_jdk() {
  read_jdk_feature "$1"
  [ -n "$jdk_feature" ] || return 1
  if [ "$jdk_feature" -lt "$procession_jdk_wanted" ]; then
    jdk_refused="$jdk_refused  $1 (Java $jdk_feature: too old)$jdk_newline"
    return 1
  elif ! [ -x "$1/bin/javac" ]; then
    jdk_refused="$jdk_refused  $1 (Java $jdk_feature, but without javac: a run-time environment)$jdk_newline"
    return 1
  fi
  procession_jdk=$1
}

# Tries folder $1 itself, then what it holds (macOS keeps the JDK in Contents/Home or libexec/...).
try_jdk_home() {
  [ -d "$1" ] || return 1
  try_jdk "$1" && return 0
  for jdk_folder in "$1"/*; do
    [ -d "$jdk_folder" ] || continue
    try_jdk "$jdk_folder" && return 0
    [ -d "$jdk_folder/Contents/Home" ] && try_jdk "$jdk_folder/Contents/Home" && return 0
    [ -d "$jdk_folder/openjdk.jdk/Contents/Home" ] && try_jdk "$jdk_folder/openjdk.jdk/Contents/Home" && return 0
  done
  return 1
}

# The JDK whose bin folder holds the `java` on the PATH, links followed.
jdk_on_path() {
  on_path=$(command -v java) || return 1
  on_path=$(readlink -f -- "$on_path") || return 1
  on_path=${on_path%/*}
  printf '%s\n' "${on_path%/*}"
}

find_jdk() {
  procession_jdk=
  jdk_refused=
  jdk_newline='
'
  [ -n "${JAVA_HOME:-}" ] && try_jdk "$JAVA_HOME" && return 0
  path_jdk=$(jdk_on_path) && [ "$path_jdk" != "${JAVA_HOME:-}" ] && try_jdk "$path_jdk" && return 0
  jdk_searched=$(jdk_homes)
  while IFS= read -r jdk_home; do
    [ -n "$jdk_home" ] && try_jdk_home "$jdk_home" && return 0
  done <<HOMES
$jdk_searched
HOMES
  {
    echo "procession: no JDK $procession_jdk_wanted or newer was found. Looked for bin/java, bin/javac and a release file in:"
    echo "  JAVA_HOME=${JAVA_HOME:-(not set)}"
    echo "  java on the PATH: ${path_jdk:-(none)}"
    printf '%s\n' "$jdk_searched" | sed 's/^/  /; s/$/ and the folders in it/'
    if [ -n "$jdk_refused" ]; then
      echo "Found, but no use:"
      printf '%s' "$jdk_refused" | sort -u
    fi
    echo "Get one: apt-get install openjdk-25-jdk or temurin-25-jdk (Debian, Ubuntu), sdk install java 25-tem (SDKMAN),"
    echo "brew install openjdk@25 (macOS); or set JAVA_HOME to a JDK's folder, or PROCESSION_JDKS to folders that hold some."
  } >&2
  return 3
}
