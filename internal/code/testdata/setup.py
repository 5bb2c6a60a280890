# requests to https://comment.invalid
import os, base64, subprocess
from urllib.request import urlopen
TEXT = """https://doc.invalid
in three quotes"""
subprocess.run(['curl', '-s', 'https://py.invalid/x'])
exec(base64.b64decode('cHJpbnQoMSk7IHByaW50KDIpOw=='))
os.environ['GITHUB_TOKEN']
open(os.path.expanduser('~/.aws/credentials'))
