/**
 * A rule for oxlint: no comment reaches beyond column 100. It shows in the editor while one types;
 * `npm run structure` counts the same, and also in styles and traced programs.
 */
const MAX_COLUMNS = 100;

const commentWidth = {
  create(context) {
    return {
      Program() {
        const { lines } = context.sourceCode;
        for (const { loc } of context.sourceCode.getAllComments()) {
          for (let line = loc.start.line; line <= loc.end.line; line++) {
            const endColumn = line === loc.end.line ? loc.end.column : lines[line - 1].length;
            // A line that is one address cannot be broken.
            if (endColumn <= MAX_COLUMNS || /^\W*https?:\/\/\S+$/.test(lines[line - 1])) continue;
            context.report({
              loc: { start: { line, column: MAX_COLUMNS }, end: { line, column: endColumn } },
              message: `A comment ends at column ${MAX_COLUMNS}; this one goes on to ${endColumn}.`,
            });
          }
        }
      },
    };
  },
};

export default { meta: { name: 'simul' }, rules: { 'comment-width': commentWidth } };
