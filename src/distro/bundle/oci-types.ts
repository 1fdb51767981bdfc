/**
 * The part of the OCI runtime specification 1.0.2 (config.md, config-linux.md) that we write. Type aliases and not
 * interfaces, so that a configuration fits where any JSON object is asked for.
 */
export type OciConfig = {
  readonly ociVersion: "1.0.2";
  readonly process: OciProcess;
  readonly root: { readonly path: string; readonly readonly: boolean };
  readonly hostname: string;
  readonly mounts: readonly OciMount[];
  readonly annotations: Readonly<Record<string, string>>;
  readonly linux: OciLinux;
};

type OciProcess = {
  readonly terminal: boolean;
  readonly user: { readonly uid: number; readonly gid: number };
  readonly args: readonly string[];
  readonly env: readonly string[];
  readonly cwd: string;
  readonly capabilities: OciCapabilities;
  readonly rlimits: readonly { readonly type: string; readonly soft: number; readonly hard: number }[];
  readonly noNewPrivileges: boolean;
  readonly oomScoreAdj: number;
};

export type OciCapabilities = {
  readonly bounding: readonly string[];
  readonly effective: readonly string[];
  readonly permitted: readonly string[];
  readonly inheritable: readonly string[];
  readonly ambient: readonly string[];
};

export type OciMount = {
  readonly destination: string;
  readonly type: string;
  readonly source: string;
  readonly options: readonly string[];
};

export type OciDevice = {
  readonly path: string;
  readonly type: "c" | "b";
  readonly major: number;
  readonly minor: number;
  readonly fileMode: number;
  readonly uid: number;
  readonly gid: number;
};

export type OciNamespace = {
  readonly type: "mount" | "pid" | "uts" | "ipc" | "cgroup" | "network";
  readonly path?: string;
};

type OciLinux = {
  readonly namespaces: readonly OciNamespace[];
  readonly devices: readonly OciDevice[];
  readonly resources: {
    readonly devices: readonly { readonly allow: boolean; readonly access: string }[];
  };
  readonly rootfsPropagation: "shared" | "private" | "slave";
  readonly sysctl: Readonly<Record<string, string>>;
  readonly maskedPaths: readonly string[];
  readonly readonlyPaths: readonly string[];
};
