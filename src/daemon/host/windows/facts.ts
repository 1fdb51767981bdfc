import type { PlatformFeature } from "../../../protocol/host.ts";
import type { Qemu } from "../../../vm/qemu/find-qemu.ts";
import type { Fact } from "../fact.ts";
import type { GuestFilesFact } from "../guest-files.ts";
import type { SpaceFact } from "../space.ts";
import type { FeatureState } from "./native/dism.ts";
import type { HypervisorPlatformFact } from "./native/hypervisor-platform.ts";
import type { FirmwareFact, HypervisorFact } from "./native/hypervisor.ts";
import type { ServiceFact } from "./native/services.ts";
import type { RightsFact } from "./native/token.ts";
import type { VolumeFact } from "./native/volume.ts";

/**
 * Services that virtual machines need: the Host Compute Service, the Host Network Service, the switch's filter driver and
 * Internet Connection Sharing; then our own, which may do for a user what only administrators may.
 */
export const serviceNames = ["vmcompute", "hns", "vfpext", "SharedAccess", "tswsl"] as const;
export type ServiceName = (typeof serviceNames)[number];

/** All that the verdict about a Windows host rests on. */
export interface WindowsFacts {
  readonly program: string;
  /** `10.0.22631` */
  readonly release: string;
  readonly hypervisor: Fact<HypervisorFact>;
  readonly firmware: Fact<FirmwareFact>;
  readonly services: Readonly<Record<ServiceName, Fact<ServiceFact>>>;
  /** Told to administrators only. */
  readonly features: Fact<Readonly<Record<PlatformFeature, FeatureState>>>;
  readonly hypervisorPlatform: Fact<HypervisorPlatformFact>;
  /** A policy forbids Internet Connection Sharing. */
  readonly sharingForbidden: Fact<boolean>;
  readonly rights: Fact<RightsFact>;
  readonly volume: Fact<VolumeFact>;
  readonly wsl: Fact<WslFact>;
  readonly qemu: Fact<Qemu>;
  readonly guest: GuestFilesFact;
  readonly space: SpaceFact;
  readonly home: string;
  readonly state: Fact<number>;
  readonly addresses: Fact<readonly string[]>;
}

/** Microsoft's own Linux, which uses the same platform. */
export interface WslFact {
  /** Its service that is installed: WslService of the Store's version, LxssManager of the one in Windows. */
  readonly service: "WslService" | "LxssManager" | undefined;
  readonly distributions: number;
  /** Virtual machines of whomever: worker processes. */
  readonly machines: number;
}
