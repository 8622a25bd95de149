"""Uses a server through the existing client, as its users do, and prints what came out as one JSON object.

    python existing_client.py <host> <port> <user> <password> <sample data> <work folder>
"""
import json
import logging
import os
import shutil
import sys
import time

import requests
from sticky_pi_api.client import RemoteClient
from sticky_pi_api.utils import json_io_converter

host, port, user, password, data, work = sys.argv[1:]
ALL = [{'device': '%', 'start_datetime': '2020-01-01_00-00-00', 'end_datetime': '2020-12-31_00-00-00'}]
SERIES = {'device': '08038ade', 'start_datetime': '2020-07-08_20-00-00', 'end_datetime': '2020-07-09_15-00-00',
          'n_tuboids': 3, 'n_images': 10, 'algo_name': 'test', 'algo_version': '11111111-19191919'}

# What is refused is asked again five times, five seconds apart: not in a test.
RemoteClient._max_retry_attempts = 0
client = RemoteClient(os.path.join(work, 'client'), host, user, password, protocol='http', port=int(port), n_threads=1)
out = {}


def files(folder, suffix):
    return sorted(os.path.join(root, name) for root, _, names in os.walk(folder) for name in names if name.endswith(suffix))


def clean(value):
    """pandas puts NaN where there is nothing, which is no JSON."""
    if isinstance(value, dict):
        return {k: clean(v) for k, v in value.items()}
    if isinstance(value, list):
        return [clean(v) for v in value]
    return None if isinstance(value, float) and value != value else value


def refused(call):
    try:
        call()
        return None
    except Exception as e:
        return str(e)


pictures = files(os.path.join(data, 'raw_images'), '.jpg')
out['put_images'] = client.put_images(pictures)
out['put_images_again'] = client.put_images(pictures)
out['put_the_same'] = refused(lambda: client._put_new_images(pictures[:1]))
out['series'] = client.get_image_series(ALL, what='metadata')
out['fetched'] = [requests.get(row['url']).headers['Content-Type'] for row in client.get_image_series(ALL, what='thumbnail-mini')]

first = out['series'][0]
annotation = {
    'annotations': [{'contour': [[[1, 2]], [[3, 4]], [[5, 6]]], 'name': 'insect', 'stroke_colour': '#0000ff', 'value': 0, 'fill_colour': '#ff0000'}],
    'metadata': {'algo_name': 'sticky-pi-universal-insect-detector', 'algo_version': '1598113346-ad2cd78dfaca12821046dfb8994724d5',
                 'device': first['device'], 'datetime': first['datetime'], 'md5': first['md5']}}
out['put_annotations'] = client.put_uid_annotations([annotation])
out['annotations'] = client.get_uid_annotations_series(ALL, what='data')
out['joined'] = client.get_images_with_uid_annotations_series(ALL)

folders = sorted({os.path.dirname(name) for name in files(os.path.join(data, 'tiled_tuboids'), 'tuboid.jpg')})
out['put_tuboids'] = client.put_tiled_tuboids(folders, SERIES)
out['tuboids'] = client.get_tiled_tuboid_series([SERIES], what='data')
label = {'tuboid_id': os.path.basename(folders[0]), 'algo_version': '1111-abce', 'algo_name': 'insect_tuboid_classifier', 'label': 1,
         'pattern': 'Insecta.*', 'type': 'Insecta', 'order': 'test', 'family': 'test', 'genus': 'test'}
out['put_labels'] = client.put_itc_labels([label])
out['labels'] = client.get_tiled_tuboid_series_itc_labels([SERIES])

out['put_users'] = client.put_users([{'username': 'grace', 'password': 'hopper'}, {'username': 'mary', 'password': 'anning', 'can_write': False}])
out['users'] = client.get_users()
out['put_user_again'] = refused(lambda: client.put_users([{'username': 'grace', 'password': 'x'}]))

bundle = os.path.join(work, 'bundle')
shutil.copytree(os.path.join(data, 'ml_bundle'), bundle)
os.makedirs(os.path.join(bundle, 'output'))
with open(os.path.join(bundle, 'output', 'model_final.pth'), 'wb') as model:
    for i in range(20):
        model.write(bytes([i]) * (1024 * 1024))
for name in files(bundle, ''):
    os.chmod(name, 0o600)
    os.utime(name, (time.time(), time.time() - 3600))
out['put_bundle'] = client.put_ml_bundle_dir('test-bundle', bundle)
out['put_bundle_again'] = client.put_ml_bundle_dir('test-bundle', bundle)
for name in files(bundle, 'model_final.pth'):
    os.utime(name, (time.time(), time.time()))
out['put_bundle_touched'] = client.put_ml_bundle_dir('test-bundle', bundle)
target = os.path.join(work, 'pulled', 'test-bundle')
os.makedirs(target)
out['get_bundle'] = client.get_ml_bundle_dir('test-bundle', target, 'all')
out['get_bundle_again'] = client.get_ml_bundle_dir('test-bundle', target, 'all')
out['pulled'] = [os.path.relpath(name, target) for name in files(target, '')]
out['equal'] = all(open(os.path.join(target, name), 'rb').read() == open(os.path.join(bundle, name), 'rb').read() for name in out['pulled'])

out['delete_tuboids'] = client.delete_tiled_tuboids([SERIES])
out['delete_images'] = client.delete_images([{'device': first['device'], 'datetime': first['datetime']}])
out['left'] = len(client.get_image_series(ALL))
json.dump(clean(out), sys.stdout, default=json_io_converter)
