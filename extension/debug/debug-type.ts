/** The type of debug configurations that replay a recording, as the manifest has it. */
export const DEBUG_TYPE = 'simul';
