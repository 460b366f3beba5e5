"""Programs, and how they name what they write. Data only.

A row is: the options that take a value; those among them whose value is a file that is written, with a
``+`` where it is appended to; which operands are written (``all``, ``first``, ``second``, or ``files``:
those that are no expression); how (``update``: edited in place, ``reformat``: so, and the files in
folders, too); the options of which one must be given for that; and those that make it write nothing.
What is left out at a row's end is empty. How options are listed is told by ``options.read``.
"""

_C_VALUES = "o I L D U x l include isystem MF MT MQ Xlinker Xclang T target"
_FORMATTER = (
    "c config l line-length t target-version include exclude extend-exclude j workers k stdin-filename"
)
_DIFFS = "check diff q?"

ROWS: "dict[str, tuple[str, ...]]" = {
    # texts and files
    "tee": ("output-error?", "", "all", "add", "", "help version"),
    "sponge": ("", "", "all"),
    "touch": ("d r t date reference A", "", "all", "add", "", "c no-create h no-dereference help version"),
    "truncate": ("s r o size reference", "", "all", "update", "", "c no-create help version"),
    "fallocate": ("l o n length offset", "", "all", "update"),
    "rm": ("interactive?", "", "all", "delete", "", "help version"),
    "grm": ("", "", "all", "delete", "", "help version"),
    "unlink": ("", "", "all", "delete"),
    "trash": ("", "", "all", "delete"),
    "trash-put": ("", "", "all", "delete"),
    "gio trash": ("", "", "all", "delete"),
    "shred": ("n s iterations size random-source remove?", "", "all", "delete", "u remove", "help version"),
    "sort": (
        "k t S T o key field-separator buffer-size temporary-directory output parallel batch-size sort?",
        "o output"
    ),
    "shuf": ("i n o input-range head-count output random-source", "o output"),
    "uniq": ("f s w skip-fields skip-chars check-chars group?", "", "second", "add", "", "help version"),
    "xxd": ("c g l s o R cols groupsize len seek name n", "", "second"),
    "iconv": ("f t o from-code to-code output", "o output"),
    "base64": ("w b D i o wrap break input output", "o output"),
    "dos2unix": ("c i? n convmode D", "", "all", "update", "", "i info n newfile"),
    "unix2dos": ("c i? n convmode D", "", "all", "update", "", "i info n newfile"),
    "htpasswd": ("C r", "", "first", "update", "", "n"),
    "ctags": ("f o R? L languages exclude", "f o"),
    "xmllint": ("o output schema xpath encode path", "o output"),
    "xsltproc": ("o output stringparam param", "o output"),
    "dot": ("T o K G N E", "o"),
    "pandoc": ("f t r w o c H B A V M from to output template css metadata variable filter", "o output"),
    "pygmentize": ("l f o O P F S", "o"),
    "strace": ("o e p s u P a E O S X b U I output", "o output"),
    "tcpdump": ("w r i c s C W G", "w"),
    "script": ("c E B I O T m o command log-out log-in log-io log-timing echo output-limit",
               "O log-out log-io B I T log-in log-timing", "first"),
    # secrets and keys
    "gpg": (("o output r recipient u local-user passphrase passphrase-file passphrase-fd batch? homedir"
            " cipher-algo pinentry-mode default-key"), "o output"),
    "gpg2": ("o output r recipient u local-user passphrase passphrase-file homedir", "o output"),
    "age": ("o r R i output recipient identity", "o output"),
    "age-keygen": ("o output", "o output"),
    "sops": ("i? output output-type input-type age pgp kms set extract", "output", "all", "update",
             "i in-place inplace"),
    "ansible-vault encrypt": ("output vault-id vault-password-file encrypt-vault-id", "output", "all",
                              "update", "", "output"),
    "ansible-vault decrypt": ("output vault-id vault-password-file", "output", "all", "update", "", "output"),
    "mkcert": ("cert-file key-file p12-file", "cert-file key-file p12-file"),
    # formatters and fixers: what they leave alone is written by nobody
    "prettier": (("config config-path ignore-path parser plugin tab-width print-width log-level end-of-line"
                 " trailing-comma cache-location cache-strategy"), "", "all", "reformat", "w write",
                 "check c l list-different"),
    "eslint": (("c config ext rule parser plugin f format o output-file ignore-path ignore-pattern"
               " max-warnings env global rulesdir cache-location"), "o output-file", "all", "reformat",
               "fix", "fix-dry-run"),
    "stylelint": ("config f formatter o output-file", "o output-file", "all", "reformat", "fix"),
    "markdownlint": ("c config i ignore o output", "o output", "all", "reformat", "f fix"),
    "biome check": ("config-path", "", "all", "reformat", "write apply apply-unsafe fix"),
    "biome format": ("config-path", "", "all", "reformat", "write fix"),
    "biome lint": ("config-path", "", "all", "reformat", "write apply fix"),
    "ruff check": (("config select ignore extend-select extend-ignore line-length output-format"
                   " o output-file fixable unfixable per-file-ignores exclude"), "o output-file", "all",
                   "reformat", "fix fix-only add-noqa", "diff no-fix"),
    "ruff format": ("config line-length target-version exclude range", "", "all", "reformat", "", _DIFFS),
    "black": (_FORMATTER, "", "all", "reformat", "", "check diff c code"),
    "isort": ("l p m sp settings-path profile src line-length", "", "all", "reformat", "",
              "check check-only c diff df d stdout"),
    "autopep8": ("select ignore max-line-length j", "", "all", "reformat", "i in-place"),
    "autoflake": ("imports exclude", "", "all", "reformat", "i in-place"),
    "yapf": ("style e l lines exclude", "", "all", "reformat", "i in-place"),
    "docformatter": ("", "", "all", "reformat", "i in-place"),
    "pyupgrade": ("", "", "all", "reformat"),
    "add-trailing-comma": ("", "", "all", "reformat"),
    "gofmt": ("r cpuprofile", "", "all", "reformat", "w"),
    "gofumpt": ("", "", "all", "reformat", "w"),
    "goimports": ("local", "", "all", "reformat", "w"),
    "rustfmt": ("edition config config-path emit", "", "all", "reformat", "", "check emit=stdout"),
    "clang-format": ("style fallback-style lines offset length", "", "all", "reformat", "i"),
    "shfmt": ("i ln p s", "", "all", "reformat", "w write"),
    "stylua": ("config-path f", "", "all", "reformat", "", "check c"),
    "taplo format": ("o option c config", "", "all", "reformat", "", "check"),
    "taplo fmt": ("o option c config", "", "all", "reformat", "", "check"),
    "terraform fmt": ("", "", "all", "reformat", "", "check diff write=false"),
    "tofu fmt": ("", "", "all", "reformat", "", "check write=false"),
    "rubocop": ("c config only except f format o out", "o out", "all", "reformat",
                "a A autocorrect auto-correct autocorrect-all x fix-layout"),
    "standard": ("", "", "all", "reformat", "fix"),
    "swiftformat": ("config rules", "", "all", "reformat", "", "lint dryrun"),
    "ktlint": ("", "", "all", "reformat", "F format"),
    "codespell": ("L I S ignore-words-list skip", "", "all", "reformat", "w write-changes"),
    "nbstripout": ("", "", "all", "reformat", "", "install t textconv"),
    "jupytext": ("to from o output", "o output"),
    "cargo fmt": ("p package manifest-path", "", "all", "reformat", "", "check"),
    "cargo fix": ("p package features target", "", "all", "reformat"),
    "cargo clippy": ("p package features target", "", "all", "reformat", "fix"),
    "go fmt": ("mod", "", "all", "reformat", "", "n"),
    "dprint fmt": ("c config", "", "all", "reformat", "", "diff"),
    "json.tool": ("indent", "", "second"),
    # compilers and builders
    "gcc": (_C_VALUES, "o MF"), "g++": (_C_VALUES, "o MF"), "cc": (_C_VALUES, "o MF"),
    "c++": (_C_VALUES, "o MF"), "clang": (_C_VALUES, "o MF"), "clang++": (_C_VALUES, "o MF"),
    "ld": (_C_VALUES, "o"), "as": ("o I", "o"), "nasm": ("o f l I", "o l"),
    "rustc": ("o C L l edition crate-type crate-name emit target out-dir", "o"),
    "go build": ("o ldflags gcflags tags mod C", "o"),
    "go test": ("o run bench count timeout tags coverprofile cpuprofile memprofile trace",
                "o coverprofile cpuprofile memprofile trace"),
    "tsc": ("p project outFile outDir target module lib rootDir", "outFile"),
    "esbuild": ("outfile format platform target loader", "outfile"),
    "swc": ("o d out-file out-dir config-file", "o out-file"),
    "sass": ("I style load-path", "", "second"), "lessc": ("", "", "second"),
    "uv pip compile": ("o output-file p python-version c constraint", "o output-file"),
    "uv export": ("o output-file format package extra group", "o output-file"),
    "pip-compile": ("o output-file c constraint extra", "o output-file"),
    "poetry export": ("o f output format with without only", "o output"),
    "coverage xml": ("o i include omit data-file", "o"),
    "coverage json": ("o include omit data-file", "o"),
    "coverage lcov": ("o include omit data-file", "o"),
    "pytest": ("k m p c o n W junitxml junit-xml html rootdir basetemp", "junitxml junit-xml html"),
    "mypy": ("p m c config-file junit-xml", "junit-xml"),
    "flake8": ("output-file config select ignore", "output-file+"),
    "bandit": ("f o c t s", "o"), "semgrep": ("o output c config", "o output"),
    "trivy": ("o output f format", "o output"),
    "terraform plan": ("out var var-file target", "out"), "tofu plan": ("out var var-file target", "out"),
    "kustomize build": ("o output", "o output"),
    "kubeseal": ("f w o format scope n cert", "w sealed-secret-file"),
    "docker save": ("o output", "o output"), "docker export": ("o output", "o output"),
    "podman save": ("o output format", "o output"), "podman export": ("o output", "o output"),
    "docker build": ("t f iidfile cidfile metadata-file", "iidfile metadata-file"),
    # databases
    "mysqldump": ("r result-file h u P S host user port", "r result-file"),
    "mariadb-dump": ("r result-file h u P S host user port", "r result-file"),
    "pg_dump": ("f file h p U d n t T F Z j E host port username dbname format", "f file"),
    "pg_dumpall": ("f file h p U l host port username", "f file"),
    "psql": ("o output L log-file c d f h p U v P F R T", "o output L+ log-file+"),
    # yaml and the like
    "yq": ("I o p indent output-format input-format from-file arg argjson", "", "files", "update",
           "i inplace in-place"),
    "yq eval": ("I o p indent output-format input-format from-file", "", "files", "update", "i inplace"),
    "yq e": ("I o p indent output-format input-format from-file", "", "files", "update", "i inplace"),
    "yq eval-all": ("I o p indent output-format input-format from-file", "", "files", "update", "i inplace"),
    "yq ea": ("I o p indent output-format input-format from-file", "", "files", "update", "i inplace"),
    "crudini": ("", "", "first", "update", "set del merge"),
    # clients
    "gh release": ("O output D dir p pattern R repo", "O output"),
    "http": ("o output a auth A auth-type s style p print verify proxy session", "o output"),
    "https": ("o output a auth A auth-type s style p print verify proxy session", "o output"),
    "xh": ("o output a auth A auth-type s style p print", "o output"),
    "xhs": ("o output a auth A auth-type s style p print", "o output"),
}  # fmt: skip

#: Options of these are words with one dash, and letters do not join.
WORDS = frozenset(
    ("gcc", "g++", "cc", "c++", "clang", "clang++", "ld", "as", "rustc", "go", "gofmt", "gofumpt",
     "goimports", "terraform", "tofu", "mkcert", "openssl", "tsc", "nasm", "clang-format")
)  # fmt: skip
COPIERS = frozenset(
    ("cp", "gcp", "mv", "gmv", "ln", "gln", "install", "ginstall", "rsync", "scp", "aws", "gsutil", "docker",
     "podman", "kubectl", "oc", "gcloud", "rclone", "ditto", "s3cmd")
)  # fmt: skip
EDITORS = frozenset(
    ("sed", "gsed", "perl", "ruby", "awk", "gawk", "ed", "red", "ex", "vi", "vim", "nvim", "view")
)
ARCHIVERS = frozenset(
    ("tar", "gtar", "bsdtar", "unzip", "zip", "gzip", "gunzip", "bzip2", "bunzip2", "xz", "unxz", "lzma",
     "unlzma", "zstd", "unzstd", "pigz", "unpigz", "7z", "7za", "7zz", "ar")
)  # fmt: skip
DOWNLOADERS = frozenset(("curl", "wget", "aria2c"))
PATCHERS = frozenset(("patch", "gpatch"))
OTHERS = frozenset(
    ("dd", "gdd", "split", "gsplit", "csplit", "gcsplit", "mktemp", "ssh-keygen", "openssl", "gpg", "gpg2",
     "dcfldd", "find", "gfind")
)  # fmt: skip
