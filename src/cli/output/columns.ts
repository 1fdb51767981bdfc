const GAP = 2;

/** Words in columns, read downwards, as ls has them: as many columns as fit into `width`. */
export function formatColumns(words: readonly string[], width: number): string[] {
  for (let rows = 1; rows < words.length; rows += 1) {
    const widths = columnWidths(words, rows);
    const total = widths.reduce((sum, column) => sum + column + GAP, -GAP);
    if (total <= width) return layOut(words, rows, widths);
  }
  return [...words];
}

function columnWidths(words: readonly string[], rows: number): number[] {
  const widths: number[] = [];
  for (const [index, word] of words.entries()) {
    const column = Math.floor(index / rows);
    widths[column] = Math.max(widths[column] ?? 0, word.length);
  }
  return widths;
}

function layOut(words: readonly string[], rows: number, widths: readonly number[]): string[] {
  return Array.from({ length: rows }, (_, row) =>
    widths
      .map((width, column) => (words[column * rows + row] ?? "").padEnd(width + GAP))
      .join("")
      .trimEnd(),
  );
}
