"""Runs the Python client's own tests of 2021 (LocalAndRemoteTests in its branch main) against a server, and prints what came out as one JSON object.

    python existing_suite.py <host> <port> <administrator> <password> <number of users>
"""
import json
import os
import shutil
import sys
import tempfile
import unittest

from sticky_pi_api.client import RemoteAPIException, RemoteClient
from sticky_pi_api.tests.test_local_client import LocalAndRemoteTests

HOST, PORT, USER, PASSWORD, USERS = sys.argv[1:]

# What is refused is asked again five times, five seconds apart: not in a test that wants it refused.
RemoteClient._max_retry_attempts = 0

# The model lies in Git LFS, which a checkout may be without.
bundle = os.path.join(tempfile.mkdtemp(), 'ml_bundle')
shutil.copytree(LocalAndRemoteTests._ml_bundle_dir, bundle)
model = os.path.join(bundle, 'output', 'model_final.pth')
if not os.path.exists(model):
    os.makedirs(os.path.dirname(model), exist_ok=True)
    with open(model, 'wb') as file:
        file.write(os.urandom(20 * 1024 * 1024))


class RemoteTests(LocalAndRemoteTests, unittest.TestCase):
    _ml_bundle_dir = bundle
    _server_error = RemoteAPIException
    _initial_n_users = int(USERS)

    def __init__(self, method):
        LocalAndRemoteTests.__init__(self)
        unittest.TestCase.__init__(self, method)

    def _make_client(self, directory):
        return RemoteClient(directory, HOST, USER, PASSWORD, protocol='http', port=int(PORT), n_threads=4)


# What the tests print goes elsewhere than the result.
output, sys.stdout = sys.stdout, sys.stderr
result = unittest.TestResult()
unittest.defaultTestLoader.loadTestsFromTestCase(RemoteTests).run(result)
shutil.rmtree(os.path.dirname(bundle))
json.dump(
    {'ran': result.testsRun, 'failed': {str(test): text for test, text in result.failures + result.errors}, 'skipped': len(result.skipped)}, output)
