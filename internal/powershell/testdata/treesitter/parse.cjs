// Reads a JSON list of scripts and writes one of booleans: does PowerShell's
// grammar take it?
const { readFileSync } = require('node:fs');
const { Parser, Language } = require('web-tree-sitter');

(async () => {
  await Parser.init();
  const parser = new Parser();
  parser.setLanguage(await Language.load(require.resolve('tree-sitter-powershell/tree-sitter-powershell.wasm')));
  const scripts = JSON.parse(readFileSync(0, 'utf8'));
  const taken = scripts.map((s) => {
    const tree = parser.parse(s);
    const ok = !tree.rootNode.hasError;
    tree.delete();
    return ok;
  });
  process.stdout.write(JSON.stringify(taken));
})();
