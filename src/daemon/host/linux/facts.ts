import type { Accelerator } from "../../../vm/qemu/machine.ts";
import type { Qemu } from "../../../vm/qemu/find-qemu.ts";
import type { Fact } from "../fact.ts";
import type { GuestFilesFact } from "../guest-files.ts";
import type { SpaceFact } from "../space.ts";

/** All that the verdict about a Linux host rests on. */
export interface LinuxFacts {
  readonly program: string;
  readonly qemu: Fact<Qemu>;
  readonly programs: readonly ProgramFact[];
  readonly kvm: KvmFact;
  readonly accelerator: ProbeFact | undefined;
  readonly guest: GuestFilesFact;
  readonly space: SpaceFact;
  readonly home: string;
  readonly state: Fact<number>;
  readonly addresses: Fact<readonly string[]>;
  readonly sources: SourcesFact;
}

/** A program that tswsl starts, and the Debian package it comes from. */
export interface ProgramFact {
  readonly name: string;
  readonly packageName: string;
  readonly found: boolean;
}

export interface KvmFact {
  readonly device: "usable" | "denied" | "absent";
  /** The processor's virtualisation, as its flags in /proc/cpuinfo tell. */
  readonly processor: "vmx" | "svm" | "none";
  /** This host is a virtual machine itself. */
  readonly guest: boolean;
}

/** What the last try of the accelerators gave; `current` while it still holds. */
export interface ProbeFact {
  readonly accelerator: Accelerator;
  readonly rejected: readonly { readonly name: string; readonly reason: string }[];
  readonly current: boolean;
}

/** What `install --bootstrap` could use. */
export interface SourcesFact {
  /** `Debian GNU/Linux (bookworm) from …`; empty where apt has no usable source. */
  readonly flavors: readonly string[];
  readonly mmdebstrap: boolean;
  /** How it would make files of root's; unknown when it cannot. */
  readonly mode: Fact<string>;
}
