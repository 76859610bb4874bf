"""Executes notebooks, each on a kernel of its own, cell by cell, and writes the results to other files.

Standard input names them, one JSON object a line: {"notebook", "result", "folder", "timeout"}, the folder being where the
kernel works and the timeout the seconds a cell may take. What happens is told on file descriptor 3, one JSON object a line:
"start", "cell" before each code cell, then "done" or "failed", after which the process ends. Where a cell stops a
notebook, the result holds the cells that ran and the one that stopped; two executions of the same notebook give the same
bytes. On other bars than the simulated (MARKET) it begins with a cell that says so.
"""

import hashlib
import json
import os
import signal
import sys
import threading
import time

# A grammar of web addresses that jsonschema builds at its import, for a check that no notebook asks for: it takes longer than
# all that is imported here together, and jsonschema does without.
sys.modules["rfc3987_syntax"] = None

import nbformat
import psutil
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbconvert.preprocessors import ExecutePreprocessor

KERNEL = {"display_name": "TypeScript", "language": "typescript", "name": "tslab"}
# What the kernel says of itself, to the letter: JupyterLab writes it into a notebook that says otherwise, and marks it changed.
LANGUAGE = {
    "codemirror_mode": {"mode": "typescript", "name": "javascript", "typescript": True},
    "file_extension": ".ts",
    "mimetype": "text/typescript",
    "name": "typescript",
    "version": "3.7.2",
}


class Failure(Exception):
    """A notebook that did not run through: how, where and why."""

    def __init__(self, kind, message, cell=None, source=""):
        super().__init__(message)
        self.facts = {"kind": kind, "message": message, "cell": cell, "source": source.split("\n")[:3]}


def tell(event, **facts):
    channel.write(json.dumps({"event": event, **facts}) + "\n")
    channel.flush()


def is_executed(cell):
    return cell.cell_type == "code" and cell.source.strip() != ""


class PeakMemory(threading.Thread):
    """The most memory the kernel and its children held at once, in bytes."""

    def __init__(self):
        super().__init__(daemon=True)
        self.bytes = 0
        self.ended = threading.Event()

    def run(self):
        while not self.ended.wait(1):
            self.look()

    def look(self):
        self.bytes = max(self.bytes, sum(map(self.resident, psutil.Process().children(recursive=True))))

    @staticmethod
    def resident(process):
        """The high-water mark where the system keeps one (Linux), else what is held now."""
        try:
            with open(f"/proc/{process.pid}/status") as status:
                for line in status:
                    if line.startswith("VmHWM:"):
                        return int(line.split()[1]) * 1024
        except OSError:
            pass
        try:
            return process.memory_info().rss
        except psutil.Error:
            return 0


class Runner(ExecutePreprocessor):
    """nbconvert's own executor, stopping at the first cell that fails and telling which one it was."""

    number = 0
    ended = False

    def __init__(self, peak, cells, **options):
        super().__init__(**options)
        self.peak, self.cells = peak, cells

    def process_message(self, msg, cell, cell_index):
        if msg["msg_type"] == "status" and msg["content"]["execution_state"] == "idle":
            self.ended = True
        return super().process_message(msg, cell, cell_index)

    def preprocess_cell(self, cell, resources, index):
        if not is_executed(cell):
            return cell, resources
        self.number += 1
        tell("cell", cell=self.number)
        self.ended = False
        try:
            super().preprocess_cell(cell, resources, index)
        except CellTimeoutError:
            raise self.failure("timeout", f"took longer than {self.timeout} s", cell) from None
        except DeadKernelError:
            raise self.failure("died", self.last_words(), cell) from None
        except CellExecutionError as error:
            raise self.failure("exception", self.error_text(cell, error), cell) from None
        if not self.ended:  # nbclient goes on with the output that came in time
            raise self.failure("output", "the kernel did not say that the output is complete", cell)
        if written := stream_text(cell, "stderr"):
            raise self.failure("stderr", written, cell)
        if self.number == self.cells:
            self.peak.look()  # a high-water mark that is gone with the kernel
        return cell, resources

    def failure(self, kind, message, cell):
        return Failure(kind, message, self.number, cell.source)

    def last_words(self):
        process = getattr(self.km.provisioner, "process", None)
        code = process.poll() if process else None
        if code is None:
            return "the kernel's process ended"
        if code < 0:
            name = signal.Signals(-code).name
            hint = " (often: out of memory)" if name == "SIGKILL" else ""
            return f"the kernel's process was killed by {name}{hint}"
        return f"the kernel's process ended with exit code {code}"

    @staticmethod
    def error_text(cell, error):
        return stream_text(cell, "stderr") or f"{error.ename}: {error.evalue}"


def stream_text(cell, name):
    return "".join(out.text for out in cell.outputs if out.output_type == "stream" and out.name == name).strip()


def joined_streams(outputs):
    """Neighbouring pieces of one stream as one piece: how a kernel cuts its text into messages varies."""
    whole = []
    for out in outputs:
        last = whole[-1] if whole else None
        if out.output_type == "stream" and last and last.output_type == "stream" and last.name == out.name:
            last.text += out.text
        else:
            whole.append(out)
    return whole


def source_hash(notebook):
    """SHA-256 over each cell's type and source, in order."""
    digest = hashlib.sha256()
    for cell in notebook.cells:
        digest.update(f"{cell.cell_type}\n{cell.source}\0".encode())
    return digest.hexdigest()


def load(path):
    """The notebook, with an id for every cell that does not depend on chance."""
    with open(path, encoding="utf-8") as file:
        raw = json.load(file)
    for index, cell in enumerate(raw["cells"]):
        if "id" not in cell:
            cell["id"] = hashlib.sha256(f"{index}{cell['source']}".encode()).hexdigest()[:8]
    raw["nbformat"], raw["nbformat_minor"] = 4, 5
    return nbformat.reads(json.dumps(raw), as_version=4)


def normalise(notebook):
    """Numbers the cells 1..n (tslab leaves them unnumbered) and drops what differs from run to run."""
    number = 0
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type != "code":
            continue
        number += is_executed(cell)
        cell.execution_count = number if is_executed(cell) else None
        cell.outputs = joined_streams(cell.outputs)
        for out in cell.outputs:
            if out.output_type == "execute_result":
                out.execution_count = number
    notebook.metadata.update(
        kernelspec=KERNEL, language_info=LANGUAGE, vitrade={"sourceHash": source_hash(notebook)}
    )
    notebook.metadata.pop("widgets", None)


def say_other_bars(notebook):
    """A cell before the first: of what follows only the outputs speak of these bars."""
    market = os.environ.get("MARKET") or "simulated"
    if market == "simulated":
        return
    name = market if market == "bybit" else f"the folder {os.path.basename(os.path.abspath(market))}"
    text = f"> **Real bars: {name}.** The sentences of this chapter were written for the simulated market; of these bars speak only the outputs."
    cell = nbformat.v4.new_markdown_cell(text, id="other-bars")
    notebook.cells.insert(0, cell)


def write(notebook, result):
    normalise(notebook)
    say_other_bars(notebook)
    nbformat.validate(notebook)
    with open(result, "w", encoding="utf-8") as file:
        file.write(nbformat.writes(notebook).rstrip("\n") + "\n")


def execute(path, result, timeout):
    notebook = load(path)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    cells = sum(map(is_executed, notebook.cells))
    tell("start", cells=cells)
    started, peak = time.monotonic(), PeakMemory()
    peak.start()
    runner = Runner(
        peak,
        cells,
        kernel_name="tslab",
        timeout=timeout,
        iopub_timeout=min(timeout, 60),
        startup_timeout=120,
        record_timing=False,
        shutdown_kernel="immediate",
    )
    try:
        runner.preprocess(notebook, {"metadata": {"path": os.getcwd()}})
    except Failure as failure:
        write(notebook, result)
        failure.facts["kept"] = failure.facts["cell"] - 1
        raise
    finally:
        peak.ended.set()
    write(notebook, result)
    tell("done", seconds=time.monotonic() - started, peakBytes=peak.bytes)


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        for line in iter(sys.stdin.readline, ""):
            job = json.loads(line)
            os.chdir(job["folder"])
            execute(job["notebook"], job["result"], job["timeout"])
    except Failure as failure:
        tell("failed", **failure.facts)
        sys.exit(1)
    except Exception as error:  # the kernel cannot be started, the file is no notebook
        tell("failed", kind="setup", message=f"{type(error).__name__}: {error}", cell=None, source=[])
        sys.exit(1)


if __name__ == "__main__":
    channel = os.fdopen(3, "w", encoding="utf-8")
    main()
