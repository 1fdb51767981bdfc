import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { HostProcess } from "../../../../src/cli/host/host-process.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

const { signal } = new AbortController();

/** A host tool that runs this program text. */
async function toolOf(source: string): Promise<HostProcess> {
  const program = join(await temporaryDirectory(), "host.mjs");
  writeFileSync(program, source);
  return new HostProcess({ program, env: process.env });
}

test("the tool's answer is the report", async () => {
  const finding = { check: "a", state: "ok", what: "b", remedy: null };
  const features = { enable: [], restart: false };
  const report = { platform: "linux", findings: [finding], features };
  const tool = await toolOf(`console.log(JSON.stringify({ report: ${JSON.stringify(report)} }))`);
  expect(await tool.report(signal)).toEqual(report);
});

test("the tool's error is ours", async () => {
  const tool = await toolOf(`console.log('{"error":{"code":"permission","message":"m","hint":"h"}}')`);
  await expect(tool.report(signal)).rejects.toMatchObject({ code: "permission", message: "m", hint: "h" });
});

test.each([
  ["crashes", 'throw new Error("it broke")', "it broke"],
  ["says nothing", "", "without an answer"],
  ["says something else", 'console.log(\'{"report":{"findings":[{"check":1}]}}\')', "without an answer"],
])("a tool that %s is told as such", async (_, source, text) => {
  const tool = await toolOf(source);
  await expect(tool.report(signal)).rejects.toMatchObject({
    code: "internal",
    message: expect.stringContaining(text),
  });
});

test("a tool that hangs ends with its caller", async () => {
  const tool = await toolOf("setInterval(() => {}, 1000)");
  const aborter = new AbortController();
  const report = tool.report(aborter.signal);
  aborter.abort();
  await expect(report).rejects.toMatchObject({ code: "cancelled" });
});

test("features are named to the tool, and its change is the answer", async () => {
  const change = { enabled: ["VirtualMachinePlatform"], present: [], restartNeeded: true };
  const tool = await toolOf(`
    if (process.argv.slice(2).join() !== "--ask-host,enable,VirtualMachinePlatform") process.exit(1);
    console.log(JSON.stringify({ change: ${JSON.stringify(change)} }));
  `);
  expect(await tool.enable(["VirtualMachinePlatform"], signal)).toEqual(change);
});
