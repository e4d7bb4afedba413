/**
 * `lab completions`: scripts that let a shell complete commands, flags and labs.
 *
 * @module
 */

import { nearest } from "../lab/suggest.ts";
import { EXIT, UsageError } from "./errors.ts";
import type { Io } from "./io.ts";

/** Each script defines `lab`, unless there is a program of that name, and completes it. */
const SCRIPTS: Readonly<Record<string, (program: string) => string>> = {
  bash: (program) =>
    `# bash completion of podlab: source <(deno task -q lab completions bash)
_podlab() { ${program} "$@"; }
type -t lab >/dev/null || lab() { _podlab "$@"; }
_podlab_complete() {
  local IFS=$'\\n' word=\${COMP_WORDS[COMP_CWORD]} words=("\${COMP_WORDS[@]:1:COMP_CWORD}")
  COMPREPLY=($(compgen -W "$(_podlab __complete -- "\${words[@]}" 2>/dev/null)" -- "$word"))
}
complete -o default -F _podlab_complete lab
`,
  zsh: (program) =>
    `#compdef lab
# zsh completion of podlab: source <(deno task -q lab completions zsh)
_podlab() { ${program} "$@" }
(( $+commands[lab] || $+functions[lab] || $+aliases[lab] )) || lab() { _podlab "$@" }
_podlab_complete() {
  local -a found
  found=("\${(@f)$(_podlab __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  compadd -- "\${(@)found:#}"
  _files
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
compdef _podlab_complete lab
`,
  fish: (program) =>
    `# fish completion of podlab: deno task -q lab completions fish | source
function _podlab
    ${program} $argv
end
type -q lab; or function lab
    _podlab $argv
end
function _podlab_complete
    set -l words (commandline -opc) (commandline -ct)
    _podlab __complete -- $words[2..-1] 2>/dev/null
end
complete -c lab -a '(_podlab_complete)'
`,
};

/** Prints the script for a shell. */
export default function completions(io: Io, _flags: unknown, shell: string): number {
  const script = SCRIPTS[shell];
  if (script === undefined) {
    const near = nearest(shell, Object.keys(SCRIPTS));
    const hint = near === undefined ? "Shells: bash, zsh, fish" : `Did you mean "${near}"?`;
    throw new UsageError(`Cannot complete for the shell "${shell}"`, hint);
  }
  io.out(script(program()));
  return EXIT.ok;
}

/** The command that starts podlab again, quoted for any of the shells. */
function program(): string {
  const main = decodeURIComponent(new URL("../main.ts", import.meta.url).pathname);
  return [Deno.execPath(), "run", "-A", "--no-prompt", main].map(quoted).join(" ");
}

function quoted(word: string): string {
  return /^[\w\-./]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
