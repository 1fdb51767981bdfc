/** Linux's numbers (signal(7)) on every host: the command that gets them runs in Linux. */
export const linuxSignals = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGTERM: 15 } as const;
