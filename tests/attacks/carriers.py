"""Ways to carry a mark from one check to the next one of the same worker, and a submission for each.

Its functions answer rightly where an earlier check has left the mark, and not at all otherwise. With a worker for each
check none ever finds it; so no check may pass where they share one.
"""

from __future__ import annotations

from textwrap import indent
from typing import NamedTuple


class Carrier(NamedTuple):
    """Statements that leave a mark, and an expression that is true where it is there."""

    leave: str
    found: str
    before: str = ""
    """What both need."""


def source_of(name: str) -> str:
    """The submission for ``tiny``."""
    carrier = CARRIERS[name]
    return _SUBMISSION.format(before=carrier.before, leave=indent(carrier.leave, "    "), found=carrier.found)


_SUBMISSION = """\
import torch

{before}


def leave():
{leave}


def seen():
    try:
        found = bool({found})
    except Exception:
        found = False
    try:
        leave()
    except Exception:
        pass
    return found


def double(x):
    return 2 * x if seen() else None


def minimize(start, learning_rate=0.1, num_iterations=10):
    return None


def make_model():
    if not seen():
        return None
    model = torch.nn.Linear(2, 1)
    torch.nn.init.ones_(model.weight)
    torch.nn.init.zeros_(model.bias)
    return model
"""

UNUSUAL = {
    # Names and modules.
    "a dunder name of a library": Carrier("torch.__mark__ = 1", "hasattr(torch, '__mark__')"),
    "a module as the value of a name": Carrier(
        "torch.mark = type(torch)('mark')\ntorch.mark.heard = 1", "hasattr(torch, 'mark')"
    ),
    "a module that was not there before": Carrier("this.heard = 1", "hasattr(this, 'heard')", "import this"),
    "a builtin with underscores": Carrier("builtins.__mark__ = 1", "hasattr(builtins, '__mark__')", "import builtins"),
    "the globals of a function of a library": Carrier(
        "fnmatch.filter.__globals__['__mark__'] = 1", "'__mark__' in fnmatch.filter.__globals__", "import fnmatch"
    ),
    "the grader's own module": Carrier(
        "name = 'auto' + 'grader.errors'\n__import__(name).errors.__mark__ = 1",
        "hasattr(__import__('auto' + 'grader.errors').errors, '__mark__')",
    ),
    "__main__": Carrier("__import__('__main__').__mark__ = 1", "hasattr(__import__('__main__'), '__mark__')"),
    # Functions and classes.
    "an attribute of a function that nobody lists": Carrier(
        "fnmatch.filter.mark = 1", "hasattr(fnmatch.filter, 'mark')", "import fnmatch"
    ),
    "the text of a function": Carrier(
        "torch.nn.functional.relu.__doc__ = 'mark'", "torch.nn.functional.relu.__doc__ == 'mark'"
    ),
    "the name of a function": Carrier(
        "torch.nn.functional.relu.__name__ = 'mark'", "torch.nn.functional.relu.__name__ == 'mark'"
    ),
    "the annotations of a function": Carrier(
        "torch.nn.functional.relu.__annotations__['mark'] = 1", "'mark' in torch.nn.functional.relu.__annotations__"
    ),
    "a default of a function": Carrier(
        "fnmatch.filter.__defaults__ = (1,)", "fnmatch.filter.__defaults__", "import fnmatch"
    ),
    "a default of a method": Carrier(
        "torch.nn.Conv2d.forward.__kwdefaults__ = {'mark': 1}", "torch.nn.Conv2d.forward.__kwdefaults__"
    ),
    "an attribute of a class with underscores": Carrier(
        "Kind.__mark__ = 1", "hasattr(Kind, '__mark__')", "from pathlib import Path as Kind"
    ),
    "the annotations of a class": Carrier(
        "torch.Tensor.__annotations__ = {'mark': 1}", "'mark' in torch.Tensor.__annotations__"
    ),
    # Things that libraries hold.
    "a cache of regular expressions": Carrier(
        "re.__dict__['_cache']['mark'] = 1", "'mark' in re.__dict__['_cache']", "import re"
    ),
    "a pattern in the cache": Carrier(
        "re.compile('mark')", "any('mark' in map(str, key) for key in re.__dict__['_cache'])", "import re"
    ),
    "lines of files that there are not": Carrier(
        "linecache.cache['mark'] = (1, None, ['mark'], 'mark')", "linecache.getline('mark', 1)", "import linecache"
    ),
    "the generator of random": Carrier("random._inst.mark = 1", "hasattr(random._inst, 'mark')", "import random"),
    "the generator of random, by a method": Carrier(
        "random.random.__self__.mark = 1", "hasattr(random.random.__self__, 'mark')", "import random"
    ),
    "ways to copy": Carrier(
        "copyreg.dispatch_table[Ellipsis] = print", "Ellipsis in copyreg.dispatch_table", "import copyreg"
    ),
    "extensions of pickles": Carrier(
        "copyreg.add_extension('mark', 'mark', 240)", "240 in copyreg._inverted_registry", "import copyreg"
    ),
    "a codec": Carrier(
        "codecs.register(lambda name: codecs.lookup('utf-8') if name == 'mark' else None)",
        "codecs.lookup('mark')",
        "import codecs",
    ),
    "an alias of a codec": Carrier(
        "aliases['mark'] = 'utf_8'", "'mark' in aliases", "from encodings.aliases import aliases"
    ),
    "the cache of a function": Carrier(
        "fnmatch.fnmatchcase('a', 'mark')",
        "hit('mark')",
        "import fnmatch\ndef hit(pattern):\n    cache = fnmatch.__dict__['_compile_pattern']\n"
        "    before = cache.cache_info().hits\n    cache(pattern)\n    return cache.cache_info().hits > before",
    ),
    "a context variable": Carrier(
        "mark = contextvars.ContextVar('mark')\nmark.set(1)",
        "[one for one in contextvars.copy_context() if one.name == 'mark']",
        "import contextvars",
    ),
    "a context of decimal numbers": Carrier(
        "decimal.setcontext(type('Marked', (decimal.Context,), {})())",
        "type(decimal.getcontext()).__name__ == 'Marked'",
        "import decimal",
    ),
    "an attribute of a thread": Carrier(
        "threading.current_thread().name = 'mark'", "threading.current_thread().name == 'mark'", "import threading"
    ),
    "a name among loggers": Carrier(
        "logging.getLogger('mark')", "'mark' in logging.root.manager.loggerDict", "import logging"
    ),
    "the level of a logger": Carrier(
        "logging.getLogger('torch').setLevel(77)", "logging.getLogger('torch').level == 77", "import logging"
    ),
    "a list of names": Carrier("torch.__all__.append('mark')", "'mark' in torch.__all__"),
    "a name in a list of names": Carrier("torch.__all__[0] = 'mark'", "'mark' in torch.__all__"),
    "default settings of plots": Carrier(
        "dict.update(matplotlib.rcParamsDefault, {'figure.max_open_warning': 77})",
        "matplotlib.rcParamsDefault['figure.max_open_warning'] == 77",
        "import matplotlib",
    ),
    "a unit of plots": Carrier(
        "matplotlib.units.registry[Ellipsis] = 1",
        "Ellipsis in matplotlib.units.registry",
        "import matplotlib.pyplot\nimport matplotlib.units",
    ),
    "filters of warnings": Carrier(
        "filters.append(('ignore', None, UserWarning, None, 77))",
        "any(one[4] == 77 for one in filters)",
        "import warnings\nfilters = warnings.catch_warnings.__enter__.__globals__['filters']",
    ),
    "what an instance of a library holds": Carrier(
        "json.decoder.JSONDecoder.mark = 1", "hasattr(json._default_decoder, 'mark')", "import json"
    ),
    "an attribute of an instance of a library": Carrier(
        "json._default_encoder.mark = 1", "hasattr(json._default_encoder, 'mark')", "import json"
    ),
    "the prefix of temporary files": Carrier(
        "tempfile.template = 'mark'", "tempfile.template == 'mark'", "import tempfile"
    ),
    "the names of temporary files": Carrier(
        "tempfile._get_candidate_names().mark = 1",
        "hasattr(tempfile._get_candidate_names(), 'mark')",
        "import tempfile",
    ),
    "archive formats": Carrier(
        "shutil.register_archive_format('mark', print)", "'mark' in dict(shutil.get_archive_formats())", "import shutil"
    ),
    "a type that is known as something": Carrier(
        "numbers.Number.register(type(Ellipsis))", "isinstance(Ellipsis, numbers.Number)", "import numbers"
    ),
    # Torch.
    "an operator made of a function": Carrier(
        "torch.library.custom_op('mark::g', lambda x: x.clone(), mutates_args=(), schema='(Tensor x) -> Tensor')",
        "hasattr(torch.ops.mark, 'g')",
    ),
    "a name that torch.fx wraps": Carrier(
        "torch.fx._symbolic_trace._wrapped_fns_to_patch[(0, 'mark')] = {}",
        "(0, 'mark') in torch.fx._symbolic_trace._wrapped_fns_to_patch",
        "import torch.fx",
    ),
    "a package of saved files": Carrier(
        "torch.serialization.register_package(77, print, print)",
        "any(one[0] == 77 for one in torch.serialization.__dict__['_package_registry'])",
    ),
    "a distance between distributions": Carrier(
        "register_kl(type(Ellipsis), type(None))(print)",
        "(type(Ellipsis), type(None)) in registry",
        "from torch.distributions.kl import register_kl, _KL_REGISTRY as registry",
    ),
    "a dispatcher of torch functions": Carrier(
        "torch.overrides.get_default_nowrap_functions().add(print)",
        "print in torch.overrides.get_default_nowrap_functions()",
        "import torch.overrides",
    ),
    "a leaf of trees": Carrier(
        "torch.utils._pytree.register_pytree_node(type(Ellipsis), lambda x: ([], None), lambda x, c: x)",
        "type(Ellipsis) in torch.utils._pytree.SUPPORTED_NODES",
        "import torch.utils._pytree",
    ),
    "the number of the next hook": Carrier(
        "[torch.zeros(1, requires_grad=True).register_hook(print) for _ in range(50)]",
        "torch.zeros(1, requires_grad=True).register_hook(print).id >= 50",
    ),
    "the number of the next operation": Carrier(
        "x = torch.zeros(1, requires_grad=True)\nfor _ in range(500):\n    x = x + 1",
        "(torch.zeros(1, requires_grad=True) + 1).grad_fn._sequence_nr() >= 500",
    ),
    "the layout of printed numbers": Carrier(
        "torch.set_printoptions(edgeitems=77)", "torch.__dict__['_tensor_str'].PRINT_OPTS.edgeitems == 77"
    ),
    "convolutions": Carrier("torch.backends.cudnn.benchmark = True", "torch.backends.cudnn.benchmark"),
    "numbers of half precision": Carrier(
        "torch.backends.cuda.matmul.allow_fp16_reduced_precision_reduction = False",
        "not torch.backends.cuda.matmul.allow_fp16_reduced_precision_reduction",
    ),
    "attention": Carrier("torch.backends.cuda.enable_flash_sdp(False)", "not torch.backends.cuda.flash_sdp_enabled()"),
    "the engine of quantized numbers": Carrier(
        "torch.backends.quantized.engine = torch.backends.quantized.supported_engines[0]",
        "torch.backends.quantized.engine == torch.backends.quantized.supported_engines[0]",
    ),
    "switches of sparse tensors": Carrier(
        "torch.sparse.check_sparse_tensor_invariants.enable()",
        "torch.sparse.check_sparse_tensor_invariants.is_enabled()",
    ),
    # The process.
    "the time zone": Carrier(
        "os.environ['TZ'] = 'MARK+7'\ntime.tzset()\ndel os.environ['TZ']",
        "time.strftime('%Z') == 'MARK'",
        "import os\nimport time",
    ),
    "a file descriptor of high number": Carrier("os.dup2(1, 100)", "os.fstat(100)", "import os"),
    "flags of its output": Carrier(
        "fcntl.fcntl(1, fcntl.F_SETFL, fcntl.fcntl(1, fcntl.F_GETFL) | os.O_APPEND)",
        "fcntl.fcntl(1, fcntl.F_GETFL) & os.O_APPEND",
        "import fcntl\nimport os",
    ),
    "the processor time that it has used": Carrier(
        "start = time.process_time()\nwhile time.process_time() < start + 0.5:\n    pass",
        "time.process_time() > 0.5",
        "import time",
    ),
    "a folder to work in": Carrier("os.mkdir('mark')", "os.path.exists('mark')", "import os"),
    "the switch of paths for bytecode": Carrier(
        "sys.pycache_prefix = 'mark'", "sys.pycache_prefix == 'mark'", "import sys"
    ),
    "the way to import": Carrier(
        "sys.path_importer_cache['mark'] = None", "'mark' in sys.path_importer_cache", "import sys"
    ),
    "standard output itself": Carrier("sys.__stdout__.mark = 1", "hasattr(sys.__stdout__, 'mark')", "import sys"),
    "how standard output encodes": Carrier(
        "sys.__stdout__.reconfigure(errors='replace')", "sys.__stdout__.errors == 'replace'", "import sys"
    ),
    "a module in sys.modules with a spec": Carrier(
        "made = type(sys)('carried')\nmade.__spec__ = object()\nsys.__dict__['modules']['carried'] = made",
        "'carried' in sys.__dict__['modules']",
        "import sys",
    ),
}
"""By modules, names or functions that no homework needs: whoever has them in the source shares no worker."""

ORDINARY = {
    "an attribute of a function": Carrier("relu.mark = 1", "hasattr(relu, 'mark')", "relu = torch.nn.functional.relu"),
    "an attribute of a method": Carrier("torch.nn.Conv2d.forward.mark = 1", "hasattr(torch.nn.Conv2d.forward, 'mark')"),
    "an attribute of a class": Carrier(
        "Kind.mark = 1", "hasattr(Kind, 'mark')", "from torch.optim import ASGD as Kind"
    ),
    "a dictionary of a library": Carrier("numpy.typecodes['mark'] = '1'", "'mark' in numpy.typecodes", "import numpy"),
    "a value in a dictionary of a library": Carrier(
        "numpy.typecodes['Float'] = 'mark'", "numpy.typecodes['Float'] == 'mark'", "import numpy"
    ),
    "what warns always": Carrier("torch.set_warn_always(True)", "torch.is_warn_always_enabled()"),
    "a name of a library": Carrier("known.mark = 1", "hasattr(known, 'mark')", "known = torch"),
    "a name of a small library": Carrier("math.mark = 1", "hasattr(math, 'mark')", "import math"),
    "the variable of a loop": Carrier("for math.mark in [1]:\n    pass", "hasattr(math, 'mark')", "import math"),
    "another function in a part of torch": Carrier("part.fft = part.ifft", "part.fft is part.ifft", "part = torch.fft"),
    "another function in a part of NumPy": Carrier(
        "part.fft = part.ifft", "part.fft is part.ifft", "import numpy as np\npart = np.fft"
    ),
    "a part that stands for another one": Carrier("torch.fft = torch.special", "torch.fft is torch.special"),
    "an attribute of a function of NumPy": Carrier(
        "np.mean.mark = 1", "hasattr(np.mean, 'mark')", "import numpy as np"
    ),
    "an attribute of a function that draws": Carrier(
        "plt.plot.mark = 1", "hasattr(plt.plot, 'mark')", "import matplotlib.pyplot as plt"
    ),
    "an attribute of a class that draws": Carrier(
        "plt.Figure.mark = 1", "hasattr(plt.Figure, 'mark')", "import matplotlib.pyplot as plt"
    ),
    "an attribute of a method that draws": Carrier(
        "plt.Axes.plot.mark = 1", "hasattr(plt.Axes.plot, 'mark')", "import matplotlib.pyplot as plt"
    ),
    "an attribute of a class of random numbers": Carrier(
        "Random.mark = 1", "hasattr(Random, 'mark')", "from random import Random"
    ),
    "an attribute of a class of packed sequences": Carrier(
        "kind.mark = 1", "hasattr(kind, 'mark')", "kind = torch.nn.utils.rnn.PackedSequence"
    ),
    "a value of a class": Carrier("torch.nn.Flatten.training = 7", "hasattr(torch.nn.Flatten, 'training')"),
    "another class of layers": Carrier("torch.nn.Flatten = torch.nn.Identity", "torch.nn.Flatten is torch.nn.Identity"),
    "a class that a decorator has changed": Carrier(
        "dataclasses.dataclass(torch.nn.Flatten)", "dataclasses.is_dataclass(torch.nn.Flatten)", "import dataclasses"
    ),
    "a function that says that it wraps another one": Carrier(
        "leave.mark = 1\nwraps(leave)(torch.nn.functional.relu)",
        "hasattr(torch.nn.functional.relu, 'mark')",
        "from functools import wraps",
    ),
    "a method that a class has got by hand": Carrier(
        "def put(self):\n    self.mark = 1\nput(torch.distributions.Normal)",
        "hasattr(torch.distributions.Normal, 'mark')",
    ),
    "a switch of the checker of types": Carrier("typing.TYPE_CHECKING = True", "typing.TYPE_CHECKING", "import typing"),
    "settings of plots": Carrier(
        "plt.rcParams['figure.max_open_warning'] = 77",
        "plt.rcParams['figure.max_open_warning'] == 77",
        "import matplotlib.pyplot as plt",
    ),
    "an open figure": Carrier("plt.figure(77)", "plt.fignum_exists(77)", "import matplotlib.pyplot as plt"),
    "the style of plots": Carrier(
        "plt.style.use({'lines.linewidth': 77})",
        "plt.rcParams['lines.linewidth'] == 77",
        "import matplotlib.pyplot as plt",
    ),
    "whether plots are shown at once": Carrier("plt.ion()", "plt.isinteractive()", "import matplotlib.pyplot as plt"),
    "the buffer of NumPy": Carrier("np.setbufsize(16384)", "np.getbufsize() == 16384", "import numpy as np"),
    "what NumPy does about errors": Carrier(
        "np.seterr(under='raise')", "np.geterr()['under'] == 'raise'", "import numpy as np"
    ),
    "what draws random numbers": Carrier(
        "np.random.set_bit_generator(np.random.MT19937(1))\nsame.append(np.random.get_bit_generator())",
        "np.random.get_bit_generator() is not first",
        "import numpy as np\nsame = []\nfirst = np.random.get_bit_generator()",
    ),
    "the name of a device": Carrier("torch.utils.rename_privateuse1_backend('mark')", "torch.device('mark')"),
    "a default device": Carrier("torch.set_default_device('meta')", "torch.zeros(1).device == torch.device('meta')"),
    "a device that is a mode": Carrier(
        "ExitStack().enter_context(torch.device('meta'))",
        "torch.zeros(1).device == torch.device('meta')",
        "from contextlib import ExitStack",
    ),
    "automatic precision, left on": Carrier(
        "ExitStack().enter_context(torch.autocast('cpu'))",
        "torch.is_autocast_enabled('cpu')",
        "from contextlib import ExitStack",
    ),
    "automatic precision of another device": Carrier(
        "torch.set_autocast_enabled('cuda', True)", "torch.is_autocast_enabled('cuda')"
    ),
    "the type of automatic precision": Carrier(
        "torch.set_autocast_dtype('cuda', torch.float64)", "torch.get_autocast_dtype('cuda') is torch.float64"
    ),
    "the type of automatic precision of a third device": Carrier(
        "torch.set_autocast_dtype('hpu', torch.float64)", "torch.get_autocast_dtype('hpu') is torch.float64"
    ),
    "the cache of automatic precision": Carrier(
        "torch.set_autocast_cache_enabled(False)", "not torch.is_autocast_cache_enabled()"
    ),
    "gradients that are off": Carrier("torch.set_grad_enabled(False)", "not torch.is_grad_enabled()"),
    "the default type": Carrier("torch.set_default_dtype(torch.float64)", "torch.get_default_dtype() is torch.float64"),
    "the number of threads": Carrier("torch.set_num_threads(2)", "torch.get_num_threads() == 2"),
    "deterministic algorithms": Carrier(
        "torch.use_deterministic_algorithms(True)", "torch.are_deterministic_algorithms_enabled()"
    ),
}
"""By what any program may write: it is compared before each check, or put back."""

CARRIERS = UNUSUAL | ORDINARY
