/** The context key of the panel's key bindings: its picture has the focus. */
export const PANEL_FOCUS_KEY = 'simul.panelFocus';
