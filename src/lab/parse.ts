/**
 * YAML text to a {@linkcode Tree}. The only file that knows the YAML library.
 *
 * @module
 */

import { Composer, isAlias, isMap, isScalar, isSeq, Lexer, Parser } from "./parse_library.ts";
import type { Alias, CST, Document, Node as YamlNode, Scalar, YAMLError, YAMLMap } from "yaml";
import { Lines } from "./lines.ts";
import { Problems, PROBLEMS_MAX } from "./problems.ts";
import type { Problem } from "./problem.ts";
import { isReadable } from "./readable.ts";
import type { Source, Span } from "./span.ts";
import { suggestion } from "./suggest.ts";
import type { MapEntry, Node, ScalarNode, Tree, TreeDocument } from "./tree.ts";

/** Levels of lists and maps: the deepest place of a Pod has under twenty. */
export const DEPTH_MAX = 100;

/** Nodes that aliases may add to those that are written. */
const ALIASED_NODES_MAX = 50_000;

/** YAML 1.2 as Kubernetes tools read it, minus merge keys and the tags of other versions. */
const OPTIONS = {
  version: "1.2",
  strict: true,
  stringKeys: true,
  merge: false,
  resolveKnownTags: false,
  prettyErrors: false,
  logLevel: "silent",
  // The library compares each key with all others of its map: minutes for one huge map. DocumentReader does it by a Set.
  uniqueKeys: false,
} as const;

/**
 * Parses a lab file: several YAML documents, each value and each key with its place.
 *
 * Never throws: whatever is wrong with the text as YAML is in `problems`, all of it at once.
 *
 * @param source The text with the name to show for it.
 * @returns The tree; its documents hold what could be understood.
 */
export function parseLab(source: Source): Tree {
  const lines = new Lines(source);
  const problems = new Problems();
  const documents: TreeDocument[] = [];
  if (isReadable(source.text, lines, problems)) {
    for (const document of new Composer(OPTIONS).compose(tokens(source.text, lines, problems))) {
      const reader = new DocumentReader(source, lines, problems);
      const root = reader.root(document);
      const errors = [...document.errors, ...document.warnings];
      problems.add(errors.map((error) => syntaxProblem(error, lines, reader.opened)));
      const sound = errors.length === 0;
      // What stands between `---` and `---` with nothing but comments is nobody's document.
      if (!sound || root.kind !== "scalar" || root.value !== null) documents.push({ root, sound });
    }
  }
  return { source, documents, problems: problems.sorted() };
}

/** The library's own loop, which stops where the nesting is too deep for anything that recurses after it. */
function* tokens(text: string, lines: Lines, problems: Problems): Generator<CST.Token> {
  const parser = new Parser();
  let errors = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) {
      // Each error captures a stack: a MiB of stray brackets would take a quarter of a minute.
      if (token.type === "error" && ++errors > PROBLEMS_MAX) return;
      yield token;
    }
    if (parser.stack.length > DEPTH_MAX) {
      const message = `Cannot read this file: it is nested more than ${DEPTH_MAX} levels deep`;
      problems.error("too_large", lines.span(parser.offset, parser.offset), message, "No part of a lab is that deep");
      return;
    }
  }
  yield* parser.end();
}

/** What to do about the mistakes that people make most. */
const HINTS: Readonly<Partial<Record<YAMLError["code"], string>>> = {
  TAB_AS_INDENT: "Indent with spaces",
  BAD_INDENT: "Give all keys of a map the same number of spaces before them",
  BLOCK_AS_IMPLICIT_KEY: 'A text with ": " in it needs quotes round it',
  MULTILINE_IMPLICIT_KEY: 'A ":" may be missing here, or quotes round a text',
  BAD_SCALAR_START: "Put the text in quotes",
  TAG_RESOLVE_FAILED: "Remove the tag: a lab needs none",
  NON_STRING_KEY: "A key is a text; a value that starts with { or [ needs quotes",
};

/** `opened`: where quotes and brackets open, by where they end, which for those left open is where the error is. */
function syntaxProblem(error: YAMLError, lines: Lines, opened: ReadonlyMap<number, number>): Problem {
  const [at, end] = error.pos;
  const opening = opened.get(at);
  const isQuote = opening !== undefined && error.code === "MISSING_CHAR";
  // An open quote takes in all the rest of the file, at whose end nothing is to be seen.
  const span = isQuote ? lines.span(opening, opening + 1) : lines.span(at, end);
  const hint = opening === undefined || isQuote
    ? HINTS[error.code]
    : `It opens in line ${lines.span(opening, at).line}`;
  const sentence = error.message.replace(/[.:]$/u, "").replaceAll("\n", " ");
  return {
    code: "yaml_syntax",
    message: sentence.charAt(0).toUpperCase() + sentence.slice(1),
    span,
    severity: "error",
    ...(hint === undefined ? {} : { hint }),
  };
}

/** What an anchor names, and how many nodes it stands for; `undefined` while it is being read. */
interface Anchored {
  readonly node: Node;
  readonly nodes: number;
}

/**
 * Reads one document's nodes in the order of the file. An alias becomes the node that it names, shared and not copied:
 * what a reader of the tree would see is only counted, so a bomb is found without being built.
 */
class DocumentReader {
  readonly #source: Source;
  readonly #lines: Lines;
  readonly #problems: Problems;
  /** Where quoted texts and lists and maps in brackets start, by where they end. */
  readonly opened = new Map<number, number>();
  readonly #anchors = new Map<string, Anchored | undefined>();
  /** Nodes read so far, an alias counted as all that it stands for. */
  #nodes = 0;
  #aliased = 0;
  #bombed = false;

  constructor(source: Source, lines: Lines, problems: Problems) {
    this.#source = source;
    this.#lines = lines;
    this.#problems = problems;
  }

  root(document: Document.Parsed): Node {
    const start = document.range[0];
    return this.#read(document.contents, this.#lines.span(start, start));
  }

  /** `at` is where a value that is not written would stand. */
  #read(yaml: YamlNode | null, at: Span): Node {
    if (isAlias(yaml)) return this.#alias(yaml);
    const before = this.#nodes++;
    if (yaml === null) return { kind: "scalar", value: null, style: "plain", raw: "", span: at };
    const anchor = isScalar(yaml) || isMap(yaml) || isSeq(yaml) ? yaml.anchor : undefined;
    if (anchor !== undefined) this.#anchors.set(anchor, undefined);
    const node = this.#value(yaml, at);
    if (anchor !== undefined) this.#anchors.set(anchor, { node, nodes: this.#nodes - before });
    return node;
  }

  #value(yaml: YamlNode, at: Span): Node {
    const span = this.#span(yaml, at);
    if (isDelimited(yaml)) this.opened.set(span.end, span.start);
    if (isMap(yaml)) return { kind: "map", entries: this.#entries(yaml), span };
    if (isSeq(yaml)) return { kind: "list", items: yaml.items.map((item) => this.#item(item, span)), span };
    return isScalar(yaml) ? this.#scalar(yaml, span) : { kind: "bad", span };
  }

  #item(item: unknown, span: Span): Node {
    return this.#read(isNode(item) ? item : null, span);
  }

  #entries(yaml: YAMLMap): ReadonlyMap<string, MapEntry> {
    const entries = new Map<string, MapEntry>();
    for (const { key, value } of yaml.items) {
      // Another key than a text is a syntax error of its own (NON_STRING_KEY).
      if (!isScalar(key) || typeof key.value !== "string") continue;
      const keySpan = this.#span(key, this.#span(yaml, undefined));
      const node = this.#read(isNode(value) ? value : null, keySpan);
      const earlier = entries.get(key.value);
      if (earlier === undefined) entries.set(key.value, { keySpan, value: node });
      else this.#duplicate(key.value, keySpan, earlier.keySpan);
    }
    return entries;
  }

  #duplicate(key: string, span: Span, earlier: Span): void {
    const message = `Cannot use key ${JSON.stringify(key)} twice in a map`;
    this.#problems.error("duplicate_key", span, message, `It stands in line ${earlier.line} already`);
  }

  #scalar(yaml: Scalar, span: Span): Node {
    const { value } = yaml;
    const raw = this.#source.text.slice(span.start, span.end);
    if (typeof value === "number" && !Number.isFinite(value)) {
      const message = `Cannot use ${raw}: it is no number that can be measured`;
      this.#problems.error("bad_value", span, message, `Put it in quotes if it is a text`);
      return { kind: "bad", span };
    }
    if (value !== null && typeof value !== "boolean" && typeof value !== "number" && typeof value !== "string") {
      return { kind: "bad", span };
    }
    return { kind: "scalar", value, style: styleOf(yaml), raw: yaml.range?.[0] === yaml.range?.[1] ? "" : raw, span };
  }

  #alias(alias: Alias): Node {
    const span = this.#span(alias, undefined);
    const name = alias.source;
    const anchored = this.#anchors.get(name);
    if (anchored !== undefined && this.#aliased + anchored.nodes <= ALIASED_NODES_MAX) {
      this.#aliased += anchored.nodes;
      this.#nodes += anchored.nodes;
      return anchored.node;
    }
    this.#nodes++;
    if (anchored !== undefined) {
      if (this.#bombed) return { kind: "bad", span };
      this.#bombed = true;
      const message = `Cannot follow alias "*${name}": aliases stand for more than ${ALIASED_NODES_MAX} values`;
      this.#problems.error("alias_bomb", span, message, "Write fewer aliases of aliases");
    } else if (this.#anchors.has(name)) {
      const message = `Cannot follow alias "*${name}": it is part of what it names`;
      this.#problems.error("alias_bomb", span, message, `Move it out of "&${name}"`);
    } else {
      const hint = suggestion(name, [...this.#anchors.keys()], "anchors before it");
      this.#problems.error(
        "yaml_syntax",
        span,
        `Cannot follow alias "*${name}": nothing before it has this name`,
        hint,
      );
    }
    return { kind: "bad", span };
  }

  /** A value that is not written (`key:` and nothing) stands where `at` says. */
  #span(yaml: YamlNode, at: Span | undefined): Span {
    const [start, end] = yaml.range ?? [0, 0];
    return start === end && at !== undefined ? at : this.#lines.span(start, end);
  }
}

function isNode(value: unknown): value is YamlNode {
  return isAlias(value) || isScalar(value) || isMap(value) || isSeq(value);
}

function isDelimited(yaml: YamlNode): boolean {
  if (isScalar(yaml)) return yaml.type === "QUOTE_DOUBLE" || yaml.type === "QUOTE_SINGLE";
  return (isMap(yaml) || isSeq(yaml)) && yaml.flow === true;
}

function styleOf(yaml: Scalar): ScalarNode["style"] {
  switch (yaml.type) {
    case "QUOTE_SINGLE":
      return "single";
    case "QUOTE_DOUBLE":
      return "double";
    case "BLOCK_LITERAL":
    case "BLOCK_FOLDED":
      return "block";
    default:
      return "plain";
  }
}
