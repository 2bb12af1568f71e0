/** Whether Node maps stacks through source maps, and whether it does because the program or because we asked. */
let ours = false;

/** The program switched them on, by flag, by `NODE_OPTIONS` or by call: then Node shows what it would untraced. */
export function programUsesSourceMaps(): boolean {
  return !ours && (process as { readonly sourceMapsEnabled?: boolean }).sourceMapsEnabled === true;
}

/** For the last words of a program that dies. */
export function switchSourceMapsOn(): void {
  if (programUsesSourceMaps()) return;
  ours = true;
  process.setSourceMapsEnabled(true);
}
