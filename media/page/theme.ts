/** Colours from VS Code's variables; what a theme leaves out has a fallback that people with any colour vision can tell apart. */
import type { Theme } from '../messages.ts';

const ROWS: readonly (readonly [keyof Theme, readonly string[], string, string])[] = [
  ['background', ['--vscode-editor-background'], '#1e1e1e', '#ffffff'],
  ['foreground', ['--vscode-editor-foreground', '--vscode-foreground'], '#cccccc', '#333333'],
  ['muted', ['--vscode-descriptionForeground'], '#9d9d9d', '#717171'],
  ['run', ['--vscode-simul-run', '--vscode-charts-blue'], '#0072b2', '#0072b2'],
  ['ready', ['--vscode-simul-ready', '--vscode-charts-yellow'], '#e69f00', '#e69f00'],
  ['blocked', ['--vscode-simul-wait', '--vscode-charts-orange'], '#d55e00', '#d55e00'],
  ['idle', ['--vscode-simul-idle'], '#6b7f92', '#8a9aa9'],
  ['error', ['--vscode-errorForeground'], '#f48771', '#c72e0f'],
  ['wake', ['--vscode-charts-purple'], '#b180d7', '#652d90'],
  ['focus', ['--vscode-focusBorder'], '#007fd4', '#0090f1'],
  [
    'guide',
    ['--vscode-tree-indentGuidesStroke', '--vscode-editorIndentGuide-background1'],
    '#585858',
    '#a9a9a9',
  ],
  ['hover', ['--vscode-list-hoverBackground'], '#2a2d2e', '#f0f0f0'],
];

export function readTheme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const { classList } = document.body;
  const highContrast =
    classList.contains('vscode-high-contrast') || classList.contains('vscode-high-contrast-light');
  const light = classList.contains('vscode-light') || classList.contains('vscode-high-contrast-light');
  const colors = Object.fromEntries(
    ROWS.map(([name, variables, dark, bright]) => {
      const found = variables
        .map((variable) => style.getPropertyValue(variable).trim())
        .find((value) => value !== '');
      return [name, found ?? (light ? bright : dark)];
    }),
  ) as unknown as Theme;
  return {
    ...colors,
    ...(highContrast ? { idle: colors.foreground, guide: colors.foreground, muted: colors.foreground } : {}),
    fontFamily: style.getPropertyValue('--vscode-font-family').trim() || 'system-ui, sans-serif',
    fontPx: Number.parseFloat(style.getPropertyValue('--vscode-font-size')) || 13,
    highContrast,
  };
}

/** Tells of every change: the class alone does not change between two light themes. */
export function watchTheme(changed: () => void): void {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
}
