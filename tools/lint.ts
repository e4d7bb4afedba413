/**
 * The project's own lint rules: what may import what, where effects may be, behind which file a dependency stands.
 * See ARCHITECTURE.md for the why.
 *
 * @module
 */

/** What each folder of `src/` may import from, besides itself. A folder that is missing here may not exist. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  lab: [],
  asm: [],
  plan: ["lab"],
  match: ["lab"],
  report: ["lab", "match"],
  sys: ["plan", "asm"],
  run: ["lab", "plan", "match", "asm", "sys"],
  cli: ["lab", "plan", "match", "report", "asm", "sys", "run"],
};

/** Folders whose functions depend on nothing but their arguments. */
const PURE: ReadonlySet<string> = new Set(["lab", "plan", "match", "report", "asm"]);

/** Globals that are I/O, a clock, randomness or a terminal. */
const EFFECTFUL_GLOBALS: ReadonlySet<string> = new Set([
  "Deno",
  "console",
  "crypto",
  "fetch",
  "performance",
  "process",
  "setInterval",
  "setTimeout",
]);

/** Members of otherwise pure globals that are a clock or randomness. */
const EFFECTFUL_MEMBERS: ReadonlySet<string> = new Set(["Date.now", "Math.random"]);

/** Which files may import a package: each dependency can be exchanged by changing what is listed here. */
const IMPORTERS: Readonly<Record<string, RegExp>> = {
  "yaml": /^src\/lab\/parse\w*\.ts$/,
  "valibot": /^src\/(lab\/(schema\w*|issues)|report\/json_schema)\.ts$/,
  "@valibot/to-json-schema": /^(src\/\w+\/json_schema|tools\/gen)\.ts$/,
  "@marcbachmann/cel-js": /^src\/lab\/cel\.ts$/,
  "@stricli/core": /^src\/cli\/(app|commands)\.ts$/,
  "fast-check": /_test\.ts$/,
};

/** The one file that opens a library. */
const KERNEL = "src/sys/kernel.ts";

const ROOT = decodeURIComponent(new URL("..", import.meta.url).pathname);

/** A file's path in the project, as in `src/lab/lab.ts`. */
function pathInProject(fileName: string): string {
  return fileName.startsWith(ROOT) ? fileName.slice(ROOT.length) : fileName;
}

/** The folder of `src/` that a path is in. */
function folderOf(path: string): string | undefined {
  return /^src\/([^/]+)\//.exec(path)?.[1];
}

/** Tests may import what they test with. */
function isTest(path: string): boolean {
  return path.endsWith("_test.ts");
}

/** Where a relative specifier leads. */
function resolved(from: string, specifier: string): string {
  return new URL(specifier, `file:///${from}`).pathname.slice(1);
}

/** The package of a bare specifier: `@scope/name` or `name`. */
function packageOf(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

type Specified = { readonly type: string; readonly value?: unknown } | null;

/** Calls back for each module that a file names: static, re-exported, dynamic. */
function onSpecifier(report: (specifier: string, node: Deno.lint.Node) => void): Deno.lint.LintVisitor {
  const visit = (source: Specified, node: Deno.lint.Node): void => {
    if (typeof source?.value === "string") report(source.value, node);
  };
  return {
    ImportDeclaration: (node) => visit(node.source, node),
    ExportNamedDeclaration: (node) => visit(node.source, node),
    ExportAllDeclaration: (node) => visit(node.source, node),
    ImportExpression: (node) => visit(node.source, node),
  };
}

const layering: Deno.lint.Rule = {
  create(context) {
    const path = pathInProject(context.filename);
    if (!path.startsWith("src/") || isTest(path)) return {};
    const folder = folderOf(path);
    const allowed = folder === undefined ? ["cli"] : MAY_IMPORT[folder];
    return onSpecifier((specifier, node) => {
      if (!specifier.startsWith(".")) return;
      const target = resolved(path, specifier);
      const targetFolder = folderOf(target);
      if (targetFolder === folder && target.startsWith("src/")) return;
      if (targetFolder !== undefined && allowed?.includes(targetFolder)) return;
      // deno.json holds the version, and nothing else that a program could want.
      if (folder === "cli" && target === "deno.json") return;
      const from = folder === undefined ? path : `src/${folder}`;
      const list = allowed === undefined || allowed.length === 0 ? "nothing" : allowed.join(", ");
      context.report({
        node,
        message: `${from} may not import "${specifier}"`,
        hint: `Of the other folders it may import ${list}: data shapes belong to the pure side (ARCHITECTURE.md)`,
      });
    });
  },
};

const pure: Deno.lint.Rule = {
  create(context) {
    const path = pathInProject(context.filename);
    const folder = folderOf(path);
    if (folder === undefined || !PURE.has(folder) || isTest(path)) return {};
    const report = (node: Deno.lint.Node, what: string): void =>
      context.report({
        node,
        message: `src/${folder} may not use ${what}`,
        hint: "What is known of the machine or the time enters as a value",
      });
    return {
      ...onSpecifier((specifier, node) => {
        if (specifier.startsWith("node:")) report(node, `"${specifier}"`);
      }),
      MemberExpression(node) {
        const name = nameOf(node.object);
        if (name === "globalThis") report(node, "globalThis");
        if (name === undefined) return;
        const member = node.property.type === "Identifier" ? node.property.name : "";
        if (EFFECTFUL_GLOBALS.has(name)) report(node, `${name}.${member}`);
        else if (EFFECTFUL_MEMBERS.has(`${name}.${member}`)) report(node, `${name}.${member}`);
      },
      CallExpression(node) {
        const name = nameOf(node.callee);
        if (name !== undefined && (EFFECTFUL_GLOBALS.has(name) || name === "Date")) report(node, `${name}()`);
      },
      NewExpression(node) {
        if (nameOf(node.callee) === "Date" && node.arguments.length === 0) report(node, "new Date()");
      },
      TSQualifiedName(node) {
        if (nameOf(node.left) === "Deno") report(node, "Deno's types");
      },
    };
  },
};

function nameOf(node: Deno.lint.Node): string | undefined {
  return node.type === "Identifier" ? node.name : undefined;
}

const oneImporter: Deno.lint.Rule = {
  create(context) {
    const path = pathInProject(context.filename);
    return onSpecifier((specifier, node) => {
      if (/^(npm|jsr|https?):/.test(specifier)) {
        context.report({ node, message: `"${specifier}" is not in the imports map`, hint: "Add it to deno.json" });
        return;
      }
      if (specifier.startsWith(".") || specifier.startsWith("node:")) return;
      const importers = IMPORTERS[packageOf(specifier)];
      if (importers?.test(path)) return;
      context.report({
        node,
        message: `${path} may not import "${specifier}"`,
        hint: importers === undefined
          ? "A new dependency gets its one file in tools/lint.ts"
          : `Only ${importers.source.replaceAll("\\", "")} may`,
      });
    });
  },
};

const oneDlopen: Deno.lint.Rule = {
  create(context) {
    const path = pathInProject(context.filename);
    if (!path.startsWith("src/") || isTest(path) || path === KERNEL) return {};
    return {
      MemberExpression(node) {
        const isDlopen = node.property.type === "Identifier"
          ? node.property.name === "dlopen"
          : node.property.type === "Literal" && node.property.value === "dlopen";
        if (nameOf(node.object) === "Deno" && isDlopen) {
          context.report({ node, message: `Only ${KERNEL} may open a library`, hint: "Ask its Kernel instead" });
        }
      },
    };
  },
};

const plugin: Deno.lint.Plugin = {
  name: "podlab",
  rules: {
    "layering": layering,
    "pure": pure,
    "one-importer": oneImporter,
    "one-dlopen": oneDlopen,
  },
};

export default plugin;
