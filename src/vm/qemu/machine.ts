import { option } from "./option.ts";

/** How guest code is run: found by {@link chooseAccelerator} and remembered. */
export type Accelerator =
  | { readonly name: "kvm" | "whpx" }
  | {
      readonly name: "tcg";
      /** Frequency of the guest's time-stamp counter, kHz: TCG hands through the host's. */
      readonly tscKhz: number;
    };

/**
 * Without what is slow under emulation: five-level paging nearly doubles the boot time, and where the processor says
 * that `rep movsb` is fast the kernel copies with it, which TCG does a byte at a time (docs/guest.md).
 */
const EMULATED_CPU = "max,-la57,-erms,-fsrm";

export type AcceleratorName = Accelerator["name"];

/**
 * MiB for translated code. QEMU would take an eighth of the host's memory, up to 1 GiB, and an hour of commands filled it:
 * four fifths of what the virtual machine then took. When it is full, all is translated anew, as it comes up.
 */
const TRANSLATED_MIB = 256;

/**
 * QEMU's words for each. WHPX has never been run by us: `-cpu host` is refused there ("requires KVM or HVF"); nested
 * virtualisation is not offered to partitions; and its interrupt controller in the hypervisor is what its users report to
 * lose interrupts ("injection failed, MSI"). What does not work shows when it is tried on the tiny guest.
 */
const accelerators: Readonly<Record<AcceleratorName, { options: string; processor: string }>> = {
  kvm: { options: "kvm", processor: "host" },
  whpx: { options: "whpx,kernel-irqchip=off", processor: "max,-vmx,-svm" },
  tcg: { options: `tcg,thread=multi,tb-size=${TRANSLATED_MIB}`, processor: EMULATED_CPU },
};

/**
 * The virtual machine's board, processor and accelerator. `-nodefaults` and no user configuration: what is not in the
 * document is not in the machine.
 */
export function machineArguments(accelerator: AcceleratorName, board = "microvm"): readonly string[] {
  return [
    ...option("M", board),
    ...option("accel", accelerators[accelerator].options),
    ...option("cpu", accelerators[accelerator].processor),
    "-nodefaults",
    "-no-user-config",
    "-no-reboot",
    ...option("display", "none"),
  ];
}

/** Kernel words that belong to this board and accelerator, not to the document. */
export function machineKernelWords(accelerator: Accelerator): readonly string[] {
  // Without a keyboard controller or PCI reset a triple fault is the reset that works at once.
  const common = ["reboot=t", "random.trust_cpu=on"];
  if (accelerator.name !== "tcg") return common;
  // microvm has neither HPET nor PM timer. Calibrating the TSC against the PIT fails in about a quarter of the boots
  // under emulation and leaves a kernel without a clock; told the frequency, it does not calibrate (docs/guest.md).
  return [...common, "tsc=reliable", "no_timer_check", `tsc_early_khz=${accelerator.tscKhz}`];
}
