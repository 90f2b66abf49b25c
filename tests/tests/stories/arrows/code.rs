//! A crate's modules, and what each uses of the others, read from the text of its files.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path as FilePath, PathBuf},
};

/// A module by its way from the crate's root.
pub type Module = Vec<String>;

/// A place in the code where one module uses another of the same crate.
#[derive(Debug)]
pub struct Use {
    pub from: Module,
    pub to: Module,
    pub file: String,
    pub line: usize,
    pub path: String,
}

/// A crate of the workspace.
#[derive(Debug)]
pub struct Crate {
    pub name: &'static str,
    pub uses: Vec<Use>,
}

/// A path as it is written.
#[derive(Clone, Debug)]
pub struct Path {
    /// The inline modules that it stands in.
    inside: Module,
    pub segments: Vec<String>,
    /// What a `use` calls it.
    name: Option<String>,
    line: usize,
}

/// What names mean in each module.
#[derive(Debug, Default)]
struct Names {
    modules: BTreeSet<Module>,
    imports: BTreeMap<(Module, String), Vec<String>>,
    globs: BTreeMap<Module, Vec<Vec<String>>>,
}

impl Crate {
    pub fn read(name: &'static str) -> Self {
        let root = FilePath::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let src = root.join(name).join("src");
        let mut files = Vec::new();
        find(&src, &mut files);
        let mut names = Names::default();
        names.modules.insert(Module::new());
        let mut read = Vec::new();
        for file in files {
            let module = module_of(file.strip_prefix(&src).unwrap());
            names.modules.insert(module.clone());
            let shown = file.strip_prefix(&root).unwrap().display().to_string();
            let text = fs::read_to_string(&file).unwrap();
            for mut path in paths(&text) {
                path.inside = [module.as_slice(), &path.inside].concat();
                names.modules.insert(path.inside.clone());
                names.add(&path);
                read.push((shown.clone(), path));
            }
        }
        let uses = read.into_iter().filter_map(|(file, path)| {
            let to = names.module(&path.inside, &path.segments, 0)?;
            let from = path.inside;
            (from != to).then(|| Use {
                path: path.segments.join("::"),
                line: path.line,
                from,
                to,
                file,
            })
        });
        let uses = uses.collect();
        Self { name, uses }
    }
}

fn find(folder: &FilePath, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap();
        match path.is_dir() {
            _ if stem == "tests" => {}
            true => find(&path, files),
            false if path.extension().is_some_and(|end| end == "rs") => files.push(path),
            false => {}
        }
    }
    files.sort();
}

fn module_of(file: &FilePath) -> Module {
    let steps = file.with_extension("");
    let mut steps: Module = steps
        .iter()
        .map(|step| step.to_str().unwrap().to_owned())
        .collect();
    if steps
        .last()
        .is_some_and(|last| ["lib", "main", "mod"].contains(&last.as_str()))
    {
        steps.pop();
    }
    steps
}

impl Names {
    fn add(&mut self, path: &Path) {
        let Some(name) = &path.name else {
            return;
        };
        let (module, segments) = (path.inside.clone(), path.segments.clone());
        if name == "*" {
            self.globs.entry(module).or_default().push(segments);
        } else {
            self.imports.insert((module, name.clone()), segments);
        }
    }

    /// The module that holds what a path names; none of another crate's.
    fn module(&self, inside: &[String], path: &[String], depth: usize) -> Option<Module> {
        let (first, mut rest) = path.split_first()?;
        let mut at = inside.to_vec();
        match first.as_str() {
            "crate" => at.clear(),
            "self" => {}
            "super" => {
                at.pop()?;
                while let Some((next, more)) = rest.split_first()
                    && next == "super"
                {
                    at.pop()?;
                    rest = more;
                }
            }
            _ => return self.walk(at, path, depth).filter(|end| end != inside),
        }
        self.walk(at, rest, depth)
    }

    fn walk(&self, mut at: Module, path: &[String], depth: usize) -> Option<Module> {
        if depth > 8 {
            return None;
        }
        for (step, name) in path.iter().enumerate() {
            let child = [at.as_slice(), std::slice::from_ref(name)].concat();
            if self.modules.contains(&child) {
                at = child;
                continue;
            }
            let rest = &path[step + 1..];
            if let Some(import) = self.imports.get(&(at.clone(), name.clone()))
                && import.last() != import.first()
            {
                let import = [import.as_slice(), rest].concat();
                return self.module(&at, &import, depth + 1);
            }
            for glob in self.globs.get(&at).into_iter().flatten() {
                let glob = [glob.as_slice(), &path[step..]].concat();
                let end = self.module(&at, &glob, depth + 1);
                if let Some(end) = end.filter(|end| self.modules.contains(end)) {
                    return Some(end);
                }
            }
            break;
        }
        Some(at)
    }
}

/// All paths of a file that are more than a name, without those of tests.
pub fn paths(text: &str) -> Vec<Path> {
    let tokens = tokens(text);
    let mut reader = Reader {
        tokens: &tokens,
        at: 0,
        inside: Vec::new(),
        paths: Vec::new(),
    };
    reader.run();
    reader.paths
}

/// A word or a mark, and its line.
type Token = (String, usize);

struct Reader<'a> {
    tokens: &'a [Token],
    at: usize,
    /// The inline modules that are open, each with the bracket that closes it.
    inside: Vec<(String, usize)>,
    paths: Vec<Path>,
}

impl Reader<'_> {
    fn is(&self, at: usize, text: &str) -> bool {
        self.tokens.get(at).is_some_and(|(token, _)| token == text)
    }

    fn word(&self, at: usize) -> Option<&str> {
        let (token, _) = self.tokens.get(at)?;
        let is_word = token.starts_with(|first: char| first.is_alphabetic() || first == '_');
        is_word.then_some(token)
    }

    fn run(&mut self) {
        while self.at < self.tokens.len() {
            while self.inside.last().is_some_and(|(_, end)| self.at >= *end) {
                self.inside.pop();
            }
            let test = ["#", "[", "cfg", "(", "test", ")", "]"];
            if (0..test.len()).all(|step| self.is(self.at + step, test[step])) {
                self.at = self.end_of_item(self.at + test.len());
            } else if self.is(self.at, "use") && !self.is(self.at + 1, "<") {
                self.at += 1;
                self.tree(&[], true);
            } else if self.is(self.at, "mod") && self.is(self.at + 2, "{") {
                let name = self.word(self.at + 1).unwrap_or_default().to_owned();
                self.inside.push((name, self.end_of_item(self.at + 1)));
                self.at += 3;
            } else if self.word(self.at).is_some() {
                let is_start =
                    self.at == 0 || !(self.is(self.at - 1, "::") || self.is(self.at - 1, "."));
                match is_start && self.is(self.at + 1, "::") {
                    true => self.tree(&[], false),
                    false => self.at += 1,
                }
            } else {
                self.at += 1;
            }
        }
    }

    /// Reads a path, or the paths of a tree in braces.
    fn tree(&mut self, before: &[String], is_use: bool) {
        let mut segments = before.to_vec();
        let line = self.tokens.get(self.at).map_or(0, |(_, line)| *line);
        loop {
            if self.is(self.at, "{") && is_use {
                self.at += 1;
                while self.at < self.tokens.len() && !self.is(self.at, "}") {
                    let here = self.at;
                    self.tree(&segments, true);
                    self.at += usize::from(self.is(self.at, ",") || self.at == here);
                }
                self.at += 1;
                return;
            }
            if self.is(self.at, "*") && is_use {
                self.at += 1;
                self.add(segments, Some("*".to_owned()), line);
                return;
            }
            // A macro's own crate: `$crate`.
            self.at += usize::from(self.is(self.at, "$"));
            let Some(word) = self.word(self.at).map(str::to_owned) else {
                self.at += usize::from(segments.len() == before.len());
                break;
            };
            self.at += 1;
            if word != "self" || segments.is_empty() {
                segments.push(word);
            }
            match self.is(self.at, "::") {
                true => self.at += 1,
                false => break,
            }
        }
        let mut name = segments.last().cloned().filter(|_| is_use);
        if is_use && self.is(self.at, "as") {
            name = self.word(self.at + 1).map(str::to_owned);
            self.at += 2;
        }
        self.add(segments, name, line);
    }

    fn add(&mut self, segments: Vec<String>, name: Option<String>, line: usize) {
        if segments.len() > 1 || name.as_deref() == Some("*") {
            let inside = self.inside.iter().map(|(name, _)| name.clone()).collect();
            self.paths.push(Path {
                inside,
                segments,
                name,
                line,
            });
        }
    }

    /// Behind the item that begins here: behind its body, or its semicolon.
    fn end_of_item(&self, mut at: usize) -> usize {
        let mut depth = 0;
        while let Some((token, _)) = self.tokens.get(at) {
            at += 1;
            match token.as_str() {
                "{" | "(" | "[" => depth += 1,
                ")" | "]" => depth -= 1,
                "}" => {
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                }
                ";" if depth == 0 => break,
                _ => {}
            }
        }
        at
    }
}

/// The words and marks of a text, without its comments and literals.
fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let (mut at, mut line) = (0, 1);
    let starts = |at: usize, with: &str| {
        with.chars()
            .eq(chars[at..].iter().copied().take(with.len()))
    };
    while at < chars.len() {
        let from = at;
        let one = chars[at];
        if starts(at, "//") {
            at += chars[at..].iter().take_while(|one| **one != '\n').count();
        } else if starts(at, "/*") {
            let mut depth = 0;
            while at < chars.len() {
                if starts(at, "/*") {
                    depth += 1;
                    at += 2;
                } else if starts(at, "*/") {
                    depth -= 1;
                    at += 2;
                } else {
                    at += 1;
                }
                if depth == 0 {
                    break;
                }
            }
        } else if one == '"' {
            at += 1;
            while at < chars.len() && chars[at] != '"' {
                at += 1 + usize::from(chars[at] == '\\');
            }
            at += 1;
        } else if let Some(hashes) = raw(&chars[at..]) {
            let end = format!("\"{}", "#".repeat(hashes));
            at += chars[at..].iter().position(|one| *one == '"').unwrap_or(0) + 1;
            while at < chars.len() && !starts(at, &end) {
                at += 1;
            }
            at += end.len();
        } else if one == '\'' {
            // A letter in quotes, else a lifetime.
            at += match (chars.get(at + 1), chars.get(at + 2)) {
                (Some('\\'), _) => {
                    let rest = &chars[(at + 3).min(chars.len())..];
                    4 + rest.iter().take_while(|one| **one != '\'').count()
                }
                (_, Some('\'')) => 3,
                _ => 1,
            };
        } else if one.is_alphabetic() || one == '_' {
            let is_in_word = |one: &&char| one.is_alphanumeric() || **one == '_';
            at += chars[at..].iter().take_while(is_in_word).count();
            tokens.push((chars[from..at].iter().collect(), line));
        } else if starts(at, "::") {
            at += 2;
            tokens.push(("::".to_owned(), line));
        } else {
            at += 1;
            if !one.is_whitespace() {
                tokens.push((one.to_string(), line));
            }
        }
        let end = at.min(chars.len());
        line += chars[from..end].iter().filter(|one| **one == '\n').count();
        at = end;
    }
    tokens
}

/// How many `#` a raw text has that begins here.
fn raw(text: &[char]) -> Option<usize> {
    let text = text.strip_prefix(&['b']).unwrap_or(text);
    let text = text.strip_prefix(&['r'])?;
    let hashes = text.iter().take_while(|one| **one == '#').count();
    (text.get(hashes) == Some(&'"')).then_some(hashes)
}
