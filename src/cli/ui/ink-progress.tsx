import { render } from "ink";
import type { OutputStream } from "../cli.ts";
import { ProgressScreen, type Outcome } from "./progress-screen.tsx";
import type { ProgressView } from "./progress-track.ts";

const FRAME_MS = 100;

export interface InkProgress {
  /** Draws the last frame, or clears the screen's lines when `outcome` is undefined, and gives the terminal back. */
  close(outcome: Exclude<Outcome, "running"> | undefined): Promise<void>;
}

/** Draws `view()` on the terminal ten times a second until closed. Reads no keys: Ctrl-C stays a signal. */
export function startInkProgress(
  stderr: OutputStream,
  view: () => ProgressView,
  options: { readonly colour: boolean },
): InkProgress {
  let frame = 0;
  const screen = (outcome: Outcome): React.ReactElement => (
    <ProgressScreen view={view()} frame={frame} outcome={outcome} colour={options.colour} />
  );
  const instance = render(screen("running"), {
    // Ink draws on what it calls stdout; ours is for answers.
    stdout: stderr as NodeJS.WriteStream,
    exitOnCtrlC: false,
    patchConsole: false,
    interactive: true,
  });
  const timer = setInterval(() => {
    frame += 1;
    instance.rerender(screen("running"));
  }, FRAME_MS);
  return {
    async close(outcome) {
      clearInterval(timer);
      if (outcome === undefined) instance.clear();
      else instance.rerender(screen(outcome));
      instance.unmount();
      await instance.waitUntilExit();
    },
  };
}
