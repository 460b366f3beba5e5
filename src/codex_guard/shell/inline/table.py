"""What the functions of each language do, by full name; a name with a dot before it is any object's method.

``=WORDS`` is the shell's own command for what a function does to the paths that it is given; ``2WORDS``
the same for a pair of paths. All other effects are functions of ``calls``.
"""

_MOST_LANGUAGES = """
write: .write_text .write_bytes .writeText
"""
_PYTHON = """
run: os.system os.popen os.popen2 os.popen3 os.startfile subprocess.run subprocess.call subprocess.Popen
 subprocess.check_call subprocess.check_output subprocess.getoutput subprocess.getstatusoutput
 commands.getoutput commands.getstatusoutput popen2.popen2 popen2.popen3 asyncio.create_subprocess_shell
 platform.popen sh.bash pexpect.run pexpect.spawn pexpect.spawnu invoke.run fabric.local get_ipython.system
 pty.spawn posix.system ipython.system .run_line_magic
words: os.execl os.execle os.execlp os.execlpe os.execv os.execve os.execvp os.execvpe os.posix_spawn
 os.posix_spawnp os.spawnl os.spawnle os.spawnlp os.spawnlpe os.spawnv os.spawnve os.spawnvp os.spawnvpe
all: asyncio.create_subprocess_exec plumbum.local
=rm -r: shutil.rmtree distutils.dir_util.remove_tree os.removedirs send2trash.send2trash .rmtree
=rm: os.remove os.unlink posix.unlink posix.remove .unlink
=rmdir: os.rmdir posix.rmdir .rmdir
=truncate -s 0: os.truncate
2mv: os.rename os.renames os.replace shutil.move .rename
2cp: shutil.copy shutil.copy2 shutil.copyfile
2cp -r: shutil.copytree
2ln -s: os.symlink
2ln: os.link
mode: os.chmod os.lchmod .chmod
owner: os.chown os.lchown shutil.chown
kill: os.kill os.killpg
chdir: os.chdir
open: open io.open codecs.open os.fdopen os.open gzip.open bz2.open lzma.open aiofiles.open .open
read: .read_text .read_bytes linecache.getlines fileinput.input pathlib.Path.read_text
fetch: urllib.request.urlopen urllib2.urlopen urllib.urlopen requests.get requests.request requests.post
 httpx.get
 httpx.request urllib3.request aiohttp.request urlopen .urlopen
download: urllib.request.urlretrieve urllib.urlretrieve wget.download
connect: http.client.HTTPSConnection http.client.HTTPConnection
code: exec eval execfile runpy.run_path pickle.loads pickle.load cPickle.loads marshal.loads dill.loads
 yaml.unsafe_load cloudpickle.loads code.interact InteractiveInterpreter.runcode types.FunctionType
base64: base64.b64decode base64.urlsafe_b64decode base64.standard_b64decode base64.decodebytes
 base64.decodestring binascii.a2b_base64
hex: bytes.fromhex bytearray.fromhex binascii.unhexlify binascii.a2b_hex base64.b16decode
codec: codecs.decode .decode
unzip: zlib.decompress gzip.decompress
join: os.path.join posixpath.join Path.joinpath Path PurePath PosixPath .joinpath
expand: os.path.expanduser os.path.expandvars .expanduser
home: Path.home
cwd: os.getcwd os.getcwdb Path.cwd
getenv: os.getenv os.environ.get
same: str bytes bytearray repr list tuple sorted reversed iter set frozenset os.fspath os.fsencode
 os.fsdecode
 os.path.abspath os.path.realpath os.path.normpath shlex.quote compile iter dict textwrap.dedent io.StringIO
 io.BytesIO .resolve .absolute .items .values .copy .encode .as_posix .strip .lstrip .rstrip .tolist
words_of: shlex.split
glob: glob.glob glob.iglob
contents: os.walk os.scandir os.listdir .iterdir .rglob .glob
attribute: getattr
module: __import__ importlib.import_module
chr: chr
map: map
prints: print pprint.pprint pprint json.dumps json.dump sys.stdout.write logging.info
socket: socket.create_connection .connect .connect_ex
incoming: .recv .recvfrom
dup: os.dup2
"""
_NODE = """
run: child_process.exec child_process.execSync shelljs.exec execa.execaCommand execa.command
 execa.commandSync
 execa.execaCommandSync app.doShellScript shelljs.default.exec .doShellScript $ Bun.$ zx.$ dax.$
spawn: child_process.spawn child_process.spawnSync child_process.execFile child_process.execFileSync
 execa.execa execa.sync execa execa.execaSync cross-spawn cross-spawn.sync Bun.spawn Bun.spawnSync
 Deno.Command
 Deno.run
=rm -r: rimraf rimraf.sync rimraf.rimraf rimraf.rimrafSync rimraf.native del del.sync del.deleteAsync
 del.deleteSync trash fs.remove fs.removeSync fs.emptyDir fs.emptyDirSync
remove: fs.rm fs.rmSync fs.rmdir fs.rmdirSync Deno.remove Deno.removeSync shelljs.rm
=rm: fs.unlink fs.unlinkSync
=truncate -s 0: fs.truncate fs.truncateSync Deno.truncate Deno.truncateSync
2mv: fs.rename fs.renameSync fs.move fs.moveSync Deno.rename Deno.renameSync
2cp -r: fs.copyFile fs.copyFileSync fs.cp fs.cpSync fs.copy fs.copySync Deno.copyFile Deno.copyFileSync
2ln -s: fs.symlink fs.symlinkSync
mode: fs.chmod fs.chmodSync Deno.chmod Deno.chmodSync
owner: fs.chown fs.chownSync
kill: process.kill Deno.kill
chdir: process.chdir Deno.chdir
write: fs.writeFile fs.writeFileSync fs.appendFile fs.appendFileSync fs.createWriteStream fs.outputFile
 fs.outputFileSync fs.writeJson fs.writeJsonSync Bun.write Deno.writeTextFile Deno.writeTextFileSync
 Deno.writeFile Deno.writeFileSync Deno.create
open: fs.open fs.openSync
read: fs.readFile fs.readFileSync fs.createReadStream fs.readJson fs.readJsonSync Bun.file Deno.readTextFile
 Deno.readTextFileSync Deno.readFile Deno.readFileSync
fetch: fetch axios.get axios axios.request http.get https.get http.request https.request got got.get
 node-fetch
 undici.request undici.fetch
code: eval Function vm.runInNewContext vm.runInThisContext vm.runInContext vm.Script
later: setTimeout setInterval setImmediate
base64: atob
codec: Buffer.from
chr: String.fromCharCode String.fromCodePoint
join: path.join path.resolve path.posix.join
home: os.homedir
cwd: process.cwd Deno.cwd
getenv: Deno.env.get
same: String path.normalize Object.entries Object.values structuredClone Object.assign .toString .trim .flat
 .toObject .valueOf
module: require
prints: console.log console.error console.info console.dir console.table JSON.stringify process.stdout.write
contents: fs.readdirSync fs.readdir
socket: net.connect net.createConnection .connect tls.connect
reply: .then
"""
_PERL = """
run: system exec IPC.Open3.open3 IPC.Open2.open2 open3 open2 IPC.System.Simple.run
=rm -r: rmtree remove_tree File.Path.rmtree File.Path.remove_tree
=rm: unlink
=rmdir: rmdir
=truncate -s 0: truncate
2mv: rename move File.Copy.move mv
2cp: copy File.Copy.copy cp
2ln -s: symlink
2ln: link
leading: chmod chown
kill: kill
chdir: chdir
open: open sysopen IO.File.new
read: slurp read_file File.Slurp.read_file
fetch: get LWP.Simple.get getstore HTTP.Tiny.get .get
code: eval
format: sprintf
base64: decode_base64 MIME.Base64.decode_base64
pack: pack
chr: chr
glob: glob
join_list: join
same: inet_aton Socket.inet_aton qw lc uc scalar keys values sort reverse map grep
prints: print say printf
socket: sockaddr_in pack_sockaddr_in Socket.sockaddr_in IO.Socket.INET.new IO.Socket.new Socket.new
shift: shift
"""
_RUBY = """
run: system exec spawn Kernel.system Kernel.exec Kernel.spawn Process.spawn Process.exec IO.popen popen
 Open3.popen3 Open3.popen2 Open3.popen2e Open3.capture2 Open3.capture2e Open3.capture3 Open3.pipeline
 PTY.spawn sh
=rm -r: FileUtils.rm_rf FileUtils.rm_r FileUtils.remove_dir FileUtils.rmtree FileUtils.remove_entry
 FileUtils.remove_entry_secure FileUtils.remove_file rm_rf rm_r .rmtree
=rm: File.delete File.unlink FileUtils.rm FileUtils.rm_f FileUtils.remove FileUtils.safe_unlink rm_f
 .unlink .delete
=rmdir: Dir.rmdir Dir.delete Dir.unlink FileUtils.rmdir
=truncate -s 0: File.truncate
2mv: File.rename FileUtils.mv FileUtils.move FileUtils.rename
2cp -r: FileUtils.cp FileUtils.cp_r FileUtils.copy FileUtils.copy_file FileUtils.install
2ln -s: File.symlink FileUtils.ln_s FileUtils.ln_sf FileUtils.symlink
2ln: File.link FileUtils.ln
leading: File.chmod FileUtils.chmod File.chown FileUtils.chown
 FileUtils.chmod_R FileUtils.chown_R
kill: Process.kill
chdir: Dir.chdir FileUtils.cd FileUtils.chdir
write: File.write IO.write File.binwrite IO.binwrite .binwrite
open: open File.open File.new Kernel.open IO.sysopen
read: File.read IO.read File.readlines IO.readlines File.foreach IO.foreach File.binread YAML.load_file
 .readlines
fetch: URI.open Net.HTTP.get Net.HTTP.get_response Net.HTTP.get_print HTTParty.get RestClient.get
 Faraday.get
code: eval instance_eval class_eval module_eval Kernel.eval Marshal.load binding.eval
later: load
format: sprintf format Kernel.sprintf
base64: Base64.decode64 Base64.urlsafe_decode64 Base64.strict_decode64
pack: .pack .unpack .unpack1
join: File.join Pathname.new Pathname
expand: File.expand_path
home: Dir.home
cwd: Dir.pwd Dir.getwd
getenv: ENV.fetch
same: String Array URI URI.parse Kernel.String Shellwords.escape Shellwords.join .to_s .to_a .to_h .strip
 .chomp
 .freeze .shellescape .to_path .realpath .to_hash
words_of: Shellwords.split .shellsplit
glob: Dir.glob Dir.[] Pathname.glob
contents: Dir.children Dir.entries Dir.each_child .children
send: send Kernel.send public_send __send__ Object.send method Kernel.method .send .public_send .__send__
prints: puts p pp print JSON.generate JSON.dump $stdout.puts STDOUT.puts
socket: TCPSocket.new TCPSocket.open Socket.tcp Socket.new
"""
_PHP = """
run: system exec shell_exec passthru proc_open popen pcntl_exec
=rm: unlink
=rmdir: rmdir
2mv: rename
2cp: copy
2ln -s: symlink
2ln: link
mode: chmod
owner: chown chgrp
kill: posix_kill
chdir: chdir
write: file_put_contents
open: fopen SplFileObject
read: file_get_contents file readfile show_source highlight_file parse_ini_file
fetch: curl_init curl_exec
code: eval assert create_function
later: include require include_once require_once
format: sprintf
base64: base64_decode
hex: hex2bin
rot13: str_rot13
unzip: gzinflate gzuncompress gzdecode
chr: chr
join_list: implode join
reverse: strrev
cwd: getcwd
getenv: getenv
same: trim strval escapeshellarg escapeshellcmd realpath array_values
glob: glob
contents: scandir
send: call_user_func
 call_user_func_array array_map
prints: print_r var_dump var_export json_encode print echo
printenv: phpinfo
socket: fsockopen pfsockopen stream_socket_client socket_connect
"""
_LUA = """
run: os.execute io.popen
=rm: os.remove
2mv: os.rename
open: io.open
read: io.lines
code: load loadstring dofile
chr: string.char
format: string.format
getenv: os.getenv
join_list: table.concat
prints: print
module: require
"""
_R = """
run: system system2 shell
=rm -r: unlink fs.dir_delete
=rm: file.remove fs.file_delete
2mv: file.rename
2cp: file.copy
chdir: setwd
write: writeLines file.create sink cat write write.csv saveRDS
read: readLines readRDS read.csv scan
fetch: url RCurl.getURL httr.GET
download: download.file
code: eval source
join: file.path
join_list: paste0 paste
expand: path.expand
cwd: getwd
getenv: Sys.getenv
same: c parse as.character
prints: print
mode: Sys.chmod
"""
_TEXTS = {
    "python": _PYTHON, "node": _NODE, "perl": _PERL, "ruby": _RUBY, "php": _PHP, "lua": _LUA, "r": _R,
    "awk": "run: system\n", "osascript": "",
}  # fmt: skip
_made: dict[str, dict[str, str]] = {}


def effects(language: str) -> dict[str, str]:
    """Return what each function of ``language`` does, by its full name."""
    if language not in _made:
        found: dict[str, str] = {}
        effect = ""
        for line in (_MOST_LANGUAGES + _TEXTS[language]).strip().split("\n"):
            head, colon, names = line.partition(":")
            if colon and not line.startswith(" "):
                effect = head
            else:
                names = line
            for name in names.split():
                found[name] = effect
        _made[language] = found
    return _made[language]
