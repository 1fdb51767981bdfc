import { EventEmitter } from "node:events";
import { describe, expect, test } from "vitest";
import type { OutputStream } from "../../../../src/cli/cli.ts";
import { startInkProgress } from "../../../../src/cli/ui/ink-progress.tsx";
import { openProgress } from "../../../../src/cli/ui/open-progress.ts";
import { barText, measureText } from "../../../../src/cli/ui/progress-text.ts";
import { ProgressTrack, type ProgressView } from "../../../../src/cli/ui/progress-track.ts";
import { collector } from "../support/fake-cli.ts";

const MiB = 1024 ** 2;

describe("what is known about progress", () => {
  test("before the first report it is the title", () => {
    const view = new ProgressTrack("Installing debian", 1000).view(3500);
    expect(view.finished).toEqual([]);
    expect(view.current).toMatchObject({ phase: "Installing debian", seconds: 2.5, done: undefined });
  });

  test("a new phase finishes the one before", () => {
    const track = new ProgressTrack("Installing debian", 0);
    expect(track.update({ phase: "Downloading", done: 0, total: 10 }, 0)).toBe(true);
    expect(track.update({ phase: "Downloading", done: 10, total: 10 }, 4000)).toBe(false);
    expect(track.update({ phase: "Unpacking" }, 5000)).toBe(true);
    const view = track.view(6000);
    expect(view.finished).toEqual([{ phase: "Downloading", seconds: 5 }]);
    expect(view.current).toMatchObject({
      phase: "Unpacking",
      seconds: 1,
      done: undefined,
      bytesPerSecond: undefined,
    });
    track.finish(7000);
    expect(track.view(7000).finished).toEqual([
      { phase: "Downloading", seconds: 5 },
      { phase: "Unpacking", seconds: 2 },
    ]);
  });

  test("rate and time left come from the last seconds", () => {
    const track = new ProgressTrack("x", 0);
    for (let second = 0; second <= 20; second += 1) {
      // One MiB in each of the first ten seconds, then two.
      const done = second <= 10 ? second * MiB : (second - 5) * 2 * MiB;
      track.update({ phase: "Downloading", done, total: 50 * MiB }, second * 1000);
    }
    expect(track.view(20_000).current).toMatchObject({ bytesPerSecond: 2 * MiB, secondsLeft: 10 });
  });

  test("a stall lowers the rate, and nothing is said of the time left when nothing moves", () => {
    const track = new ProgressTrack("x", 0);
    track.update({ phase: "Downloading", done: 0, total: 10 * MiB }, 0);
    track.update({ phase: "Downloading", done: MiB, total: 10 * MiB }, 1000);
    expect(track.view(1000).current.bytesPerSecond).toBe(MiB);
    expect(track.view(4000).current.bytesPerSecond).toBe(MiB / 4);
    const still = new ProgressTrack("x", 0);
    still.update({ phase: "Downloading", done: 0, total: 10 }, 0);
    expect(still.view(1000).current).toMatchObject({ bytesPerSecond: 0, secondsLeft: undefined });
  });
});

describe("in words", () => {
  const current = {
    phase: "x",
    seconds: 12,
    done: 5 * MiB,
    total: 20 * MiB,
    bytesPerSecond: MiB,
    secondsLeft: 15,
  };

  test.each<[string, Partial<typeof current> | object, string]>([
    ["everything", {}, "5.00 MiB of 20.0 MiB · 1.00 MiB/s · 15 s left"],
    ["no total", { total: undefined, secondsLeft: undefined }, "5.00 MiB · 1.00 MiB/s"],
    ["no rate yet", { bytesPerSecond: undefined, secondsLeft: undefined }, "5.00 MiB of 20.0 MiB"],
    ["no bytes", { done: undefined }, "12 s"],
  ])("%s", (_, changes, text) => {
    expect(measureText({ ...current, ...changes })).toBe(text);
  });

  test("a bar is never longer than its width", () => {
    expect(barText(current, 8)).toBe("██░░░░░░");
    expect(barText({ ...current, done: 30 * MiB }, 4)).toBe("████");
    expect(barText({ ...current, total: 0 }, 4)).toBeUndefined();
    expect(barText({ ...current, total: undefined }, 4)).toBeUndefined();
  });
});

/** A terminal that keeps the frames drawn on it, as Ink's own tests have it. */
class FakeTerminal extends EventEmitter {
  readonly isTTY = true;
  readonly columns = 100;
  readonly rows = 30;
  readonly frames: string[] = [];

  write = (frame: string, callback?: () => void): boolean => {
    this.frames.push(frame);
    callback?.();
    return true;
  };

  get text(): string {
    // oxlint-disable-next-line no-control-regex
    return this.frames.join("").replaceAll(/\u001b\[[0-9;?]*[A-Za-z]/g, "");
  }

  get stream(): OutputStream {
    // Ink writes, asks for the size and listens for resizes; nothing else of a stream is used.
    return this as unknown as OutputStream;
  }
}

const view: ProgressView = {
  title: "Installing debian",
  finished: [{ phase: "Downloading", seconds: 5 }],
  current: {
    phase: "Unpacking\u001b[2J",
    seconds: 3,
    done: 5 * MiB,
    total: 20 * MiB,
    bytesPerSecond: MiB,
    secondsLeft: 15,
  },
};

describe("the screen", () => {
  test("shows what is done, and what is being done with a bar", async () => {
    const terminal = new FakeTerminal();
    const screen = startInkProgress(terminal.stream, () => view, { colour: false });
    await screen.close("failed");
    expect(terminal.text).toContain("✓ Downloading 5.0 s");
    expect(terminal.text).toContain("⠋ Unpacking\\x1b[2J ██████░░░░░░░░░░░░░░░░░░ 5.00 MiB of 20.0 MiB");
    expect(terminal.text).toContain("✗ Unpacking");
  });

  test("leaves what was done when it is over", async () => {
    const terminal = new FakeTerminal();
    const screen = startInkProgress(terminal.stream, () => view, { colour: false });
    await screen.close("done");
    const last = terminal.text.slice(terminal.text.lastIndexOf("✓"));
    expect(last).toMatch(/^✓ Downloading 5\.0 s\s*$/);
  });

  test("without colour there is none", async () => {
    const terminal = new FakeTerminal();
    const screen = startInkProgress(terminal.stream, () => view, { colour: false });
    await screen.close("done");
    // oxlint-disable-next-line no-control-regex
    expect(terminal.frames.join("")).not.toMatch(/\u001b\[\d*(;\d+)*m/);
  });

  test("clears itself for a command", async () => {
    const terminal = new FakeTerminal();
    const screen = startInkProgress(terminal.stream, () => view, { colour: false });
    await screen.close(undefined);
    const drawn = terminal.frames.findLastIndex((frame) => frame.includes("Unpacking"));
    // Erasing the lines that were drawn is the last thing done to them (ECMA-48 EL, CUU).
    expect(terminal.frames.slice(drawn + 1).join("")).toContain("\u001b[2K");
  });
});

describe("where it is shown", () => {
  test("quiet: nowhere", async () => {
    const { stream, text } = collector(false);
    const progress = openProgress(stream, { title: "x", quiet: true, env: {} });
    progress.update({ phase: "Downloading" });
    await progress.close("done");
    expect(text()).toBe("");
  });

  test("no terminal: a line for each phase", async () => {
    const { stream, text } = collector(false);
    const progress = openProgress(stream, { title: "x", quiet: false, env: {} });
    progress.update({ phase: "Downloading", done: 0 });
    progress.update({ phase: "Downloading", done: 1 });
    progress.update({ phase: "Unpacking" });
    await progress.close("done");
    expect(text()).toBe("tswsl: Downloading\ntswsl: Unpacking\n");
  });

  test("a dumb terminal: the same lines", async () => {
    const { stream, text } = collector(true);
    const progress = openProgress(stream, { title: "x", quiet: false, env: { TERM: "dumb" } });
    progress.update({ phase: "Downloading" });
    await progress.close("done");
    expect(text()).toBe("tswsl: Downloading\n");
  });

  test("a terminal: nothing for a deed that is done at once", async () => {
    const { stream, text } = collector(true);
    const progress = openProgress(stream, { title: "x", quiet: false, env: {} });
    progress.update({ phase: "Downloading" });
    await progress.close("done");
    expect(text()).toBe("");
  });
});
