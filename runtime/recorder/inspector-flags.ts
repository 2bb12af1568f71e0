/**
 * Whether this process has an inspector at all. Node makes none for a process that only runs tests
 * or watches files (`Environment::should_create_inspector`, src/env.cc), and aborts when a thread
 * asks for a session with it. Nothing else tells.
 */
const WITHOUT_INSPECTOR = /^--(?:test|watch|watch-path)(?:=|$)/;

/** @param flags of the command line and of NODE_OPTIONS. Node takes `_` for `-` in them. */
export function hasInspector(flags: readonly string[]): boolean {
  return !flags.some((flag) => WITHOUT_INSPECTOR.test(flag.replaceAll('_', '-')));
}
