/** VS Code's ids of the languages whose files Simul serves. The manifest names them, too. */
export const SCRIPT_LANGUAGE_IDS: readonly string[] = [
  'typescript',
  'typescriptreact',
  'javascript',
  'javascriptreact',
];
export const LANGUAGE_IDS: readonly string[] = [...SCRIPT_LANGUAGE_IDS, 'python'];
