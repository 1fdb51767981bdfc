/** How systemd's start ended, from what {@link BOOT_SCRIPT} prints. */
export interface BootReport {
  /** `running`, `degraded`, `maintenance`, `stopping`. */
  readonly state: string;
  readonly failed: readonly FailedUnit[];
}

interface FailedUnit {
  readonly unit: string;
  /** systemd's word: `exit-code`, `timeout`, `start-limit-hit`, … */
  readonly result: string;
  readonly description: string;
}

/** No distro has a `systemctl` of that status. */
export const STATUS_NO_SYSTEMCTL = 127;

/**
 * Waits until systemd has nothing more to start, and says how that went: the state, an empty line, then a block of
 * properties for each failed unit. It polls only until systemd listens.
 */
export const BOOT_SCRIPT = `command -v systemctl >/dev/null || exit ${STATUS_NO_SYSTEMCTL}
while :; do
  if [ -S /run/systemd/private ]; then
    state=$(systemctl is-system-running --wait 2>/dev/null)
    case $state in running|degraded|maintenance|stopping) break;; esac
  fi
  sleep 0.1
done
echo "$state"
[ "$state" = degraded ] || exit 0
failed=$(systemctl list-units --failed --plain --no-legend | cut -d ' ' -f 1)
[ -z "$failed" ] || { echo; systemctl show --property=Id,Result,Description -- $failed; }`;

const MAX_NAMED = 16;

/** Reads the script's output. Never throws: the distro may print anything. */
export function parseBootReport(output: string): BootReport {
  const [state = "", ...blocks] = output.split(/\n\n+/);
  const failed = blocks.slice(0, MAX_NAMED).flatMap((block) => {
    const properties = new Map(
      block.split("\n").map((line) => {
        const at = line.indexOf("=");
        return [line.slice(0, at), line.slice(at + 1)] as const;
      }),
    );
    const unit = properties.get("Id");
    if (!unit) return [];
    return [
      { unit, result: properties.get("Result") ?? "", description: properties.get("Description") ?? "" },
    ];
  });
  return { state: state.trim(), failed };
}
