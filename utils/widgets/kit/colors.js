// The course's colors: explorer.py writes its COLORS in place of this file.

/** @type {{ classes: string[], line: string, wrong: string, hidden1: string, heat: string[], heatDark: string[] }} */
export const COLORS = { classes: [], line: "", wrong: "", hidden1: "", heat: [], heatDark: [] };
