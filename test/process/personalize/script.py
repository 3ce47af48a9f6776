"""Runs the steps of script.ts, which come as JSON on standard input, through boto3."""

import datetime
import json
import sys
import time

import boto3
from botocore import xform_name
from botocore.exceptions import ClientError
from botocore.validate import ParamValidator

CLIENTS = [boto3.client(name) for name in ("personalize", "personalize-runtime", "personalize-events")]
CALLS = {
    operation: (client, getattr(client, xform_name(operation)), client.meta.service_model.operation_model(operation))
    for client in CLIENTS
    for operation in client.meta.service_model.operation_names
}
kept = {}


def filled(value):
    if isinstance(value, str):
        for name, known in kept.items():
            value = value.replace("{%s}" % name, known)
        return value
    if isinstance(value, list):
        return [filled(item) for item in value]
    if isinstance(value, dict):
        if "$date" in value:
            return datetime.datetime.fromtimestamp(value["$date"] / 1000, datetime.timezone.utc)
        return {key: filled(item) for key, item in value.items()}
    return value


def member(value, path):
    for step in path.split("."):
        if value is None:
            return None
        if step == "length":
            value = len(value)
        elif isinstance(value, list):
            value = value[int(step)]
        else:
            value = value.get(step)
    return value


def call(operation, given):
    client, method, model = CALLS[operation]
    try:
        answer = method(**filled(given))
    except ClientError as error:
        return {"error": error.response["Error"]["Code"], "message": str(error)}
    answer.pop("ResponseMetadata")
    if model.output_shape is not None:
        faults = ParamValidator().validate(answer, model.output_shape)
        assert not faults.has_errors(), f"{operation}: {faults.generate_report()}"
    return answer


for number, step in enumerate(json.load(sys.stdin)):
    label = f"step {number + 1}, {step['operation']}"
    path, wanted = step.get("until") or (None, None)
    end = time.monotonic() + 10
    answer = call(step["operation"], step["input"])
    while path is not None and member(answer, path) != wanted:
        assert time.monotonic() < end, f"{label}: {path} is {member(answer, path)}, not {wanted}"
        answer = call(step["operation"], step["input"])
    allowed = {step.get("refused"), wanted if path == "error" else None}
    assert answer.get("error") in allowed, f"{label}: {answer}"
    for name, path in (step.get("keep") or {}).items():
        kept[name] = member(answer, path)
        assert isinstance(kept[name], str), f"{label}: {path} is {kept[name]}"
    for path, value in (step.get("expect") or {}).items():
        assert member(answer, path) == filled(value), f"{label}: {path} is {member(answer, path)}, not {value}"
print("walked")
