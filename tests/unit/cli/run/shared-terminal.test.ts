import { expect, test } from "vitest";
import { sharedTerminal } from "../../../../src/cli/run/shared-terminal.ts";

/** A terminal as stty(1) shows it. */
class FakeTerminal {
  settings = "sane";
  readonly stty = (...args: readonly string[]): string => {
    if (args[0] === "-g") return this.settings;
    this.settings = args.length === 1 ? String(args[0]) : "keys only";
    return "";
  };
}

test("is given back as it was", () => {
  const terminal = new FakeTerminal();
  const mode = sharedTerminal(terminal);
  mode.take();
  expect(terminal.settings).toBe("keys only");
  mode.give();
  expect(terminal.settings).toBe("sane");
});

test("is not touched at the end when another program has set it since", () => {
  const terminal = new FakeTerminal();
  const mode = sharedTerminal(terminal);
  terminal.settings = "less";
  mode.take();
  terminal.settings = "sane";
  mode.give();
  expect(terminal.settings).toBe("sane");
});

test("taking it twice does not forget how it was", () => {
  const terminal = new FakeTerminal();
  const mode = sharedTerminal(terminal);
  mode.take();
  mode.take();
  mode.give();
  expect(terminal.settings).toBe("sane");
});

test("is left alone where there is no stty", () => {
  const asked: string[] = [];
  const mode = sharedTerminal({ stty: (...args) => void asked.push(args.join(" ")) });
  mode.take();
  mode.give();
  expect(asked).toEqual(["-g"]);
});
