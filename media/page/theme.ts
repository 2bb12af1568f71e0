/**
 * Colours from VS Code's variables. What a theme leaves out has a fallback; people with any colour
 * vision can tell the fallbacks apart.
 */
import type { Theme } from '../messages.ts';

/** Name, VS Code's variables in order of preference, fallback of dark and of light themes. */
const COLORS: readonly (readonly [keyof Theme, readonly string[], string, string])[] = [
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
  const isLight = classList.contains('vscode-light') || classList.contains('vscode-high-contrast-light');
  const colors = Object.fromEntries(
    COLORS.map(([name, variables, darkFallback, lightFallback]) => {
      const color = variables
        .map((variable) => style.getPropertyValue(variable).trim())
        .find((value) => value !== '');
      return [name, toOpaque(color ?? (isLight ? lightFallback : darkFallback))];
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

const probe = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })!;

/**
 * The colour as `rgb(…)`, without transparency: VS Code's charts-orange has an alpha of a third,
 * because it is made for highlights behind text.
 */
function toOpaque(color: string): string {
  probe.clearRect(0, 0, 1, 1);
  probe.fillStyle = '#000';
  probe.fillStyle = color;
  // Pixels of a faint colour, read back from a canvas, are imprecise: read the parts as text.
  const parts = /^rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)/.exec(probe.fillStyle);
  return parts ? `rgb(${parts[1]}, ${parts[2]}, ${parts[3]})` : probe.fillStyle;
}

/** Gives the page's own elements the colours of the picture. */
export function applyTheme(theme: Theme): void {
  const root = document.getElementById('root');
  for (const name of ['run', 'ready', 'blocked', 'idle', 'wake', 'guide'] as const)
    root?.style.setProperty(`--${name}`, theme[name]);
}

/**
 * Calls back after each change of the theme, at most once a frame: a theme sets hundreds of
 * variables one by one. The class alone does not change between two light themes.
 */
export function watchTheme(onChange: () => void): void {
  let requested = false;
  const observer = new MutationObserver(() => {
    if (requested) return;
    requested = true;
    requestAnimationFrame(() => {
      requested = false;
      onChange();
    });
  });
  const { body, documentElement } = document;
  observer.observe(body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  observer.observe(documentElement, { attributes: true, attributeFilter: ['style'] });
}
