/** VS Code's ids of the languages whose files Simul serves. The manifest names them, too. */
export const LANGUAGES: readonly string[] = [
  'typescript',
  'typescriptreact',
  'javascript',
  'javascriptreact',
];
