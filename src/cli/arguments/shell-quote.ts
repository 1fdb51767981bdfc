/**
 * Needs no quotes in any shell. `=` is among them because `NAME=value command` is how a variable is set for one
 * command, but not at the start, where zsh looks for a command's path.
 */
const plain = /^[A-Za-z0-9_/.,:@%+-][A-Za-z0-9_/.,:@%+=-]*$/;

/** The words as one shell line from which any shell gets back exactly these words (POSIX 2.2.2). */
export function shellLine(words: readonly string[]): string {
  return words.map(shellQuote).join(" ");
}

/**
 * One word for a shell. Inside single quotes a POSIX shell takes a backslash as it is and fish does not, so backslashes,
 * like single quotes, are written outside of the quotes, where all shells agree.
 */
export function shellQuote(word: string): string {
  if (plain.test(word)) return word;
  const quoted = word.replaceAll(/['\\]/g, (character) => `'\\${character}'`);
  return `'${quoted}'`;
}
