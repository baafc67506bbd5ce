import { createParentPort } from "#adapters/parent-port/parent-port";

/** The supervisor that started this process, if one did. */
export const parent = createParentPort(process);
