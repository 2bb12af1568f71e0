/** Shows the panel and gives it the focus. */
import type { CommandFactory } from './context.ts';

export const showPanel: CommandFactory = (context) => () => context.panel.openView('take');
