function sites() { const before = Error.prepareStackTrace; Error.prepareStackTrace = (_, all) => all; const all = new Error().stack; Error.prepareStackTrace = before; return all.slice(1); }
async function who() { await 1; const [first] = sites(); return [first.getFileName() === __filename, first.getLineNumber(), first.getColumnNumber(), first.getEnclosingLineNumber?.(), first.getEnclosingColumnNumber?.(), first.getPosition?.(), first.getScriptNameOrSourceURL() === __filename, typeof first.getFunction(), typeof first.getThis()]; }
who().then((all) => console.log(all));
