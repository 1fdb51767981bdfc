import { Box, Text } from "ink";
import type { ReactElement } from "react";
import { printable } from "../output/printable.ts";
import { formatSpan } from "../output/quantities.ts";
import { barText, measureText } from "./progress-text.ts";
import type { ProgressView } from "./progress-track.ts";

const SPINNER = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"] as const;
const BAR_WIDTH = 24;

export type Outcome = "running" | "done" | "failed";

export interface ProgressScreenProps {
  readonly view: ProgressView;
  readonly frame: number;
  readonly outcome: Outcome;
  readonly colour: boolean;
}

/** The phases done, with their times, and the running one with a bar or its seconds. */
export function ProgressScreen({ view, frame, outcome, colour }: ProgressScreenProps): ReactElement {
  const { title, finished, current } = view;
  const bar = barText(current, BAR_WIDTH);
  const green = colour ? { color: "green" } : {};
  const red = colour ? { color: "red" } : {};
  const failed = outcome === "failed";
  return (
    <Box flexDirection="column">
      {finished.map(({ phase, seconds }, index) => (
        // The same phase may come twice; the list only grows, so the place in it is its identity.
        // oxlint-disable-next-line react/no-array-index-key
        <Text key={index}>
          <Text {...green}>✓</Text> {printable(phase)} <Text dimColor={colour}>{formatSpan(seconds)}</Text>
        </Text>
      ))}
      {outcome === "done" ? null : (
        <Text wrap="truncate-end">
          {failed ? <Text {...red}>✗</Text> : <Text>{SPINNER[frame % SPINNER.length]}</Text>}{" "}
          {printable(current.phase === "" ? title : current.phase)} {bar === undefined ? "" : `${bar} `}
          <Text dimColor={colour}>{measureText(current)}</Text>
        </Text>
      )}
    </Box>
  );
}
