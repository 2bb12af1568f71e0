/**
 * Whether a thread of this process may have a session with V8's inspector. Node makes none for a
 * process that only runs tests or watches files (`Environment::should_create_inspector`,
 * src/env.cc), and aborts when a thread asks for a session with it. Nothing else tells.
 */
const WITHOUT_INSPECTOR = /^--(?:test|watch|watch-path)(?:=|$)/;

/** @param flags of the command line and of NODE_OPTIONS. Node takes `_` for `-` in them. */
export function hasInspector(flags: readonly string[]): boolean {
  return !flags.some((flag) => WITHOUT_INSPECTOR.test(flag.replaceAll('_', '-')));
}

/**
 * Where the permission model refuses the inspector, or Node has made none, the call that opens a
 * session aborts Node. The helper thread itself, which has no flags, is told that nothing is
 * refused.
 * @returns null: nothing refuses it
 */
export function inspectorRefusal(): string | null {
  const flags = [...process.execArgv, ...(process.env['NODE_OPTIONS'] ?? '').split(/\s+/)];
  if (!hasInspector(flags)) return 'a process that runs tests or watches files has no profiler';
  const { permission } = process as { permission?: { has(scope: string): boolean } };
  return permission === undefined || permission.has('inspector')
    ? null
    : "Node's permission model (--permission) refuses V8's profiler";
}
