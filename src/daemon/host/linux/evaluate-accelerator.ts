import type { Finding } from "../../../protocol/host.ts";
import { ok, warning } from "../findings.ts";
import type { KvmFact, LinuxFacts } from "./facts.ts";

const CHECK = "accelerator";

/**
 * Which accelerator runs the machine. Never `missing`: without hardware virtualisation QEMU emulates, slower. What the
 * last try found counts more than the device: /dev/kvm can be there, open, and hang.
 */
export function acceleratorFinding({ accelerator, kvm }: LinuxFacts): Finding {
  if (accelerator?.current && accelerator.accelerator.name === "kvm") {
    return ok(CHECK, "KVM runs the virtual machine");
  }
  const tried = accelerator?.current ? accelerator.rejected.find(({ name }) => name === "kvm") : undefined;
  if (tried) {
    return warning(
      CHECK,
      `KVM does not run a guest here (${tried.reason}): QEMU emulates, which is slower`,
      "See the kernel's side: sudo dmesg | grep -i kvm",
    );
  }
  if (kvm.device === "usable") return ok(CHECK, "/dev/kvm can be opened; the next start tries it");
  return warning(CHECK, `${whyNot(kvm)}: QEMU emulates, which is slower`, kvmRemedy(kvm));
}

function whyNot({ device, processor, guest }: KvmFact): string {
  if (device === "denied") return "you may not use /dev/kvm";
  if (processor !== "none") return "the processor has virtualisation, but there is no /dev/kvm";
  if (guest) return "this host is a virtual machine that was given no virtualisation of its own";
  return "the processor's virtualisation is not there or switched off in the firmware";
}

function kvmRemedy({ device, processor, guest }: KvmFact): string {
  if (device === "denied") return 'Join its group and sign in anew: sudo usermod -aG kvm "$USER"';
  if (processor !== "none")
    return `Load its module: sudo modprobe ${processor === "vmx" ? "kvm_intel" : "kvm_amd"}`;
  if (guest) return "Allow nested virtualisation on the host around it, or leave it as it is";
  return "Switch VT-x (Intel) or SVM (AMD) on in the firmware's setup, or leave it as it is";
}
