import { createLogger, format, transports, type Logger } from "winston";

export type { Logger };

/** One file of this many bytes, and as many again as {@link LOG_FILES} says, are kept. */
const LOG_BYTES = 2 * 1024 * 1024;
const LOG_FILES = 3;

/**
 * The daemon's log: one line per event in `file`, rotated by size. Nothing goes to a terminal. Errors carry their
 * stack and cause, since the wire carries neither.
 */
export function fileLogger(file: string, level = "info"): Logger {
  const line = format.printf(({ timestamp, level, message, stack, ...rest }) => {
    const details = Object.keys(rest).length > 0 ? ` ${JSON.stringify(rest, spellErrors)}` : "";
    return `${String(timestamp)} ${level} ${String(message)}${details}${typeof stack === "string" ? `\n${stack}` : ""}`;
  });
  return createLogger({
    level,
    format: format.combine(format.errors({ stack: true, cause: true }), format.timestamp(), line),
    transports: [
      new transports.File({
        filename: file,
        maxsize: LOG_BYTES,
        maxFiles: LOG_FILES,
        tailable: true,
        // Without "a" each start of the daemon would empty it: the words of one that died are what people look for.
        options: { flags: "a", mode: 0o600 },
      }),
    ],
  });
}

/** JSON has no form for errors; without one they would be logged as `{}`. */
function spellErrors(_: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  const { stack, cause } = value;
  return { stack, ...Object.fromEntries(Object.entries(value)), ...(cause === undefined ? {} : { cause }) };
}

/** A logger that drops everything, for tests and tools. */
export function silentLogger(): Logger {
  return createLogger({ silent: true, transports: [new transports.Console()] });
}
