import { isAbsolute } from "node:path";
import * as v from "valibot";
import { TswslError } from "../../base/errors.ts";
import type { Attachment, ComputeSystemDocument } from "../hcs-types.ts";

/**
 * The part of HCS's schema that QEMU can serve. All else is refused by name: a property that HCS obeys and QEMU
 * silently dropped would be a difference between hosts that nobody finds.
 */

const Guid = v.pipe(v.string(), v.regex(/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i, "must be a GUID"));
/** NUL ends a C string; the rest is escaped where QEMU's option syntax needs it. */
const Path = v.pipe(
  v.string(),
  v.check((path) => isAbsolute(path) && !path.includes("\0"), "must be an absolute path"),
);
const Lun = v.pipe(v.string(), v.regex(/^([0-9]|[1-5][0-9]|6[0-3])$/, "must be a LUN from 0 to 63"));
const SecurityDescriptor = v.optional(v.string());
const Positive = v.pipe(v.number(), v.integer(), v.minValue(1));

const AttachmentSchema = v.strictObject({
  Type: v.literal("VirtualDisk"),
  Path,
  ReadOnly: v.optional(v.boolean()),
  // About NTFS volumes: nothing to do here, and nothing lost.
  SupportCompressedVolumes: v.optional(v.boolean()),
  AlwaysAllowSparseFiles: v.optional(v.boolean()),
  SupportEncryptedFiles: v.optional(v.boolean()),
});

const Memory = v.pipe(
  v.strictObject({
    SizeInMB: v.pipe(Positive, v.multipleOf(2)),
    // QEMU's memory is always committed on touch.
    AllowOvercommit: v.optional(v.boolean()),
    EnableDeferredCommit: v.optional(v.boolean()),
    EnableColdDiscardHint: v.optional(v.boolean()),
  }),
  v.check(
    (memory) => !memory.EnableDeferredCommit || memory.AllowOvercommit === true,
    "EnableDeferredCommit needs AllowOvercommit",
  ),
);

const Devices = v.strictObject({
  Scsi: v.optional(
    v.record(v.literal("0"), v.strictObject({ Attachments: v.optional(v.record(Lun, AttachmentSchema)) })),
  ),
  NetworkAdapters: v.optional(
    v.record(
      v.string(),
      v.strictObject({
        EndpointId: Guid,
        MacAddress: v.pipe(
          v.string(),
          v.regex(/^([0-9a-f]{2}-){5}[0-9a-f]{2}$/i, "must be a MAC address with hyphens"),
        ),
      }),
    ),
  ),
  ComPorts: v.optional(
    v.record(v.literal("0"), v.strictObject({ NamedPipe: v.union([v.literal(""), Path]) })),
  ),
  HvSocket: v.optional(
    v.strictObject({
      HvSocketConfig: v.strictObject({
        DefaultBindSecurityDescriptor: SecurityDescriptor,
        DefaultConnectSecurityDescriptor: SecurityDescriptor,
        ServiceTable: v.record(
          Guid,
          v.strictObject({
            BindSecurityDescriptor: SecurityDescriptor,
            ConnectSecurityDescriptor: SecurityDescriptor,
            AllowWildcardBinds: v.optional(v.boolean()),
          }),
        ),
      }),
    }),
  ),
});

const Document = v.strictObject({
  Owner: v.string(),
  SchemaVersion: v.strictObject({
    Major: v.literal(2),
    Minor: v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(7)),
  }),
  // QEMU is a child of this process and always ends with it; a reset always ends QEMU.
  ShouldTerminateOnLastHandleClosed: v.literal(true),
  VirtualMachine: v.strictObject({
    StopOnReset: v.literal(true),
    Chipset: v.strictObject({
      UseUtc: v.optional(v.literal(true)),
      LinuxKernelDirect: v.strictObject({
        KernelFilePath: Path,
        InitRdPath: v.optional(Path),
        KernelCmdLine: v.pipe(v.string(), v.maxLength(2000)),
      }),
    }),
    ComputeTopology: v.strictObject({
      Memory,
      Processor: v.strictObject({ Count: v.pipe(Positive, v.maxValue(255)) }),
    }),
    Devices,
    GuestState: v.optional(v.strictObject({ RuntimeStateFilePath: Path })),
    RestoreState: v.optional(v.strictObject({ SaveStateFilePath: Path })),
  }),
});

/** The document, known to be one that QEMU can serve. Raises `invalid-argument` naming the first property it cannot. */
export function validateDocument(document: ComputeSystemDocument): ComputeSystemDocument {
  const result = v.safeParse(Document, document);
  // The schema accepts a subset of the type; only its optional properties differ, by an explicit undefined.
  if (result.success) return result.output as ComputeSystemDocument;
  throw refusal("the compute system document", result.issues[0]);
}

/** The settings of a SCSI Add. Raises `invalid-argument`. */
export function validateAttachment(settings: unknown): Attachment {
  const result = v.safeParse(AttachmentSchema, settings);
  // As above.
  if (result.success) return result.output as Attachment;
  throw refusal("the attachment", result.issues[0]);
}

/** A GUID, or `invalid-argument`. */
export function validateId(id: string): string {
  const result = v.safeParse(Guid, id);
  if (result.success) return result.output;
  throw new TswslError("invalid-argument", `the id of a compute system must be a GUID, not '${id}'`);
}

function refusal(what: string, issue: v.BaseIssue<unknown>): TswslError {
  const property = v.getDotPath(issue) ?? "(document)";
  const problem = issue.expected === "never" ? "is not served by QEMU" : `cannot be served: ${issue.message}`;
  return new TswslError("invalid-argument", `${what}: ${property} ${problem}`, { details: { property } });
}
