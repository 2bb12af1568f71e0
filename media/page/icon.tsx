/** Icons of VS Code as text in the script: there is no font to load and no request to allow. */
import add from '@vscode/codicons/src/icons/add.svg';
import beaker from '@vscode/codicons/src/icons/beaker.svg';
import chevronDown from '@vscode/codicons/src/icons/chevron-down.svg';
import chevronRight from '@vscode/codicons/src/icons/chevron-right.svg';
import chevronUp from '@vscode/codicons/src/icons/chevron-up.svg';
import close from '@vscode/codicons/src/icons/close.svg';
import debugStart from '@vscode/codicons/src/icons/debug-start.svg';
import debugStop from '@vscode/codicons/src/icons/debug-stop.svg';
import ellipsis from '@vscode/codicons/src/icons/ellipsis.svg';
import filter from '@vscode/codicons/src/icons/filter.svg';
import folder from '@vscode/codicons/src/icons/folder-opened.svg';
import path from '@vscode/codicons/src/icons/git-commit.svg';
import play from '@vscode/codicons/src/icons/play.svg';
import question from '@vscode/codicons/src/icons/question.svg';
import save from '@vscode/codicons/src/icons/save.svg';
import search from '@vscode/codicons/src/icons/search.svg';
import screenFull from '@vscode/codicons/src/icons/screen-full.svg';
import fold from '@vscode/codicons/src/icons/fold.svg';
import target from '@vscode/codicons/src/icons/target.svg';
import unfold from '@vscode/codicons/src/icons/unfold.svg';
import warning from '@vscode/codicons/src/icons/warning.svg';
import zoomIn from '@vscode/codicons/src/icons/zoom-in.svg';
import zoomOut from '@vscode/codicons/src/icons/zoom-out.svg';

const ICONS = {
  add,
  beaker,
  chevronDown,
  chevronRight,
  chevronUp,
  close,
  debugStart,
  debugStop,
  ellipsis,
  filter,
  fold,
  folder,
  path,
  play,
  question,
  save,
  screenFull,
  search,
  target,
  unfold,
  warning,
  zoomIn,
  zoomOut,
} as const;
export type IconName = keyof typeof ICONS;

/** The markup comes from that package, never from a trace. */
export function Icon({ name }: { readonly name: IconName }) {
  return <span class="icon" aria-hidden="true" dangerouslySetInnerHTML={{ __html: ICONS[name] }} />;
}
